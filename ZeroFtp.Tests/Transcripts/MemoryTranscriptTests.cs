using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Transcripts;

public sealed class MemoryTranscriptTests : TranscriptTests<MemoryTranscriptFixture>;

/// <summary>The memory driver.</summary>
public sealed class MemoryTranscriptFixture : TranscriptFixture
{
    public override IReadOnlySet<string> Powers { get; } = new HashSet<string>(StringComparer.Ordinal) { "facts", "links", "quota", "modes" };

    public override Task<IServerDriver> CreateDriverAsync(FakeTimeProvider clock, bool withBig) => Task.FromResult<IServerDriver>(MemoryServer.CreateDriver(clock));
}
