using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Transcripts;

/// <summary>What transcripts are played against: a driver over the tree and the accounts that the conformance suite has too, and TLS.</summary>
public abstract class TranscriptFixture : IAsyncDisposable
{
    /// <summary>What the driver can do beyond the least; a transcript that needs more is not played.</summary>
    public abstract IReadOnlySet<string> Powers { get; }

    /// <summary>Makes the driver over a fresh tree.</summary>
    /// <param name="clock">The clock of the server.</param>
    /// <param name="withBig">Whether <c>/big.bin</c> is used.</param>
    public abstract Task<IServerDriver> CreateDriverAsync(FakeTimeProvider clock, bool withBig);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
