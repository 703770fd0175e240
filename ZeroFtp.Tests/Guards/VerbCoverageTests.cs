using ZeroFtp.Protocol.Commands;
using ZeroFtp.Tests.Transcripts;

namespace ZeroFtp.Tests.Guards;

/// <summary>A verb that no transcript shows does not exist.</summary>
public sealed class VerbCoverageTests
{
    private static readonly HashSet<string> Shown = [.. TranscriptFiles.All.SelectMany(TranscriptFiles.VerbsOf)];

    [Fact]
    public void Every_verb_and_alias_is_in_a_transcript() =>
        Assert.Empty(Verbs.All.SelectMany(static verb => verb.Aliases.Prepend(verb.Name)).Except(Shown).ToList());

    [Fact]
    public void Every_word_of_SITE_is_in_a_transcript()
    {
        string help = TranscriptFiles.All.SelectMany(TranscriptFiles.Read).Where(static step => step.Kind == "C:" && step.Text.StartsWith("SITE ", StringComparison.OrdinalIgnoreCase))
            .Aggregate("", static (all, step) => all + step.Text.ToUpperInvariant() + "\n");
        Assert.All(
            new[] { "CHMOD", "CPFR", "CPTO", "HELP", "IDLE", "KICK", "MKDIR", "QUOTA", "RMDIR", "SYMLINK", "UMASK", "UTIME", "WHO", "ZONE" },
            word => Assert.Contains($"SITE {word}", help, StringComparison.Ordinal));
    }

    [Fact]
    public void No_transcript_needs_a_power_that_the_memory_driver_has_not() =>
        Assert.Empty(TranscriptFiles.All.SelectMany(TranscriptFiles.NeedsOf).Except(new MemoryTranscriptFixture().Powers));
}
