namespace ZeroFtp.Tests.Transcripts;

/// <summary>Plays every transcript against one kind of driver. A driver gets its transcripts by a class of a few lines.</summary>
public abstract class TranscriptTests<TFixture>
    where TFixture : TranscriptFixture, new()
{
    public static TheoryData<string> Names => [.. TranscriptFiles.All.Where(static name => TranscriptFiles.NeedsOf(name).All(new TFixture().Powers.Contains))];

    private protected virtual TFixture CreateFixture() => new();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Plays(string name)
    {
        await using TFixture fixture = CreateFixture();
        await new Player(fixture, name).PlayAsync();
    }
}
