namespace ZeroFtp.Protocol.Data;

/// <summary>Follows the reads of a data connection and decides what its end means. Calls do not overlap.</summary>
internal abstract class DataEndObserver
{
    /// <summary>Called before each read.</summary>
    /// <exception cref="DataConnectionException">Nothing more is to be read.</exception>
    public abstract void BeforeRead();

    /// <summary>Called after each read that did not throw.</summary>
    public abstract void AfterRead();

    /// <summary>Called when the connection breaks.</summary>
    public abstract void Broke();

    /// <summary>Called once the peer has ended the data.</summary>
    /// <exception cref="DataConnectionException">The end of the connection is not the end of the content.</exception>
    public abstract ValueTask EndedAsync(CancellationToken cancellationToken);
}
