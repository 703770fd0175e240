namespace ZeroFtp.Protocol.Data;

/// <summary>The data connection broke, or what came over it was not what the transfer mode promises: 426.</summary>
internal sealed class DataConnectionException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Whether what arrived is known to be wrong, so that nothing of it may be kept.</summary>
    public bool IsContentInvalid { get; init; }
}
