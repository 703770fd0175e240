using System.Diagnostics;
using System.Globalization;
using ZeroFtp.Fuzz.Driving;
using ZeroFtp.Tests.Guards;

namespace ZeroFtp.Tests.Fuzzing;

/// <summary>The fuzz targets in short: the corpus, then a few seconds of search each. <c>dotnet cake --target=Fuzz</c> searches longer, <c>ZEROFTP_FUZZ_SECONDS</c> does here.</summary>
[Collection(nameof(AloneCollection))]
public sealed class CampaignTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("ZEROFTP_FUZZ_SECONDS") ?? "6", CultureInfo.InvariantCulture));
    private static readonly Lazy<InstrumentedTargets> Targets = new(InstrumentedTargets.Load);

    public static TheoryData<string> Names => [.. InstrumentedTargets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_corpus_shows_no_defect(string name)
    {
        IReadOnlyList<byte[]> corpus = CorpusOf(name);
        Campaign campaign = new(Targets.Value[name], seed: 0);
        Assert.Null(campaign.Replay(corpus)?.ToString());
        Assert.Equal(corpus.Count, campaign.Runs);
        Assert.InRange(campaign.Edges, 50, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_search_finds_no_defect(string name)
    {
        int seed = Random.Shared.Next();
        Campaign campaign = new(Targets.Value[name], seed);
        Assert.Null(campaign.Replay(CorpusOf(name)));
        long start = Stopwatch.GetTimestamp();
        Failure? failure = campaign.Search(_ => Stopwatch.GetElapsedTime(start) < Time);
        Assert.True(failure is null, $"With the seed {seed}: {failure}");
        Assert.InRange(campaign.Runs, CorpusOf(name).Count + 64, long.MaxValue);
    }

    [Fact]
    public void Each_target_has_a_corpus_and_no_corpus_is_without_a_target() =>
        Assert.Equal(InstrumentedTargets.Names, Directory.EnumerateFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    /// <summary>A mistake that each oracle is there for, in code of the fuzz project, found from one harmless input.</summary>
    [Theory]
    [InlineData("planted-command-reader", "004E4F4F500D0A")]
    [InlineData("planted-path", "610A62")]
    [InlineData("planted-glob", "612A5B625D0A6162")]
    [InlineData("planted-proxy-header", "0D0A0D0A000D0A515549540A21210024000000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("planted-mode-z", "03789C4B4C4A0600024D0127")]
    public void A_planted_defect_is_found(string name, string seed)
    {
        byte[] harmless = Convert.FromHexString(seed);
        Campaign campaign = new(Targets.Value[name], seed: 1);
        Assert.Null(campaign.Replay([harmless])?.ToString());
        long start = Stopwatch.GetTimestamp();
        Failure? failure = campaign.Search(search => search.Runs < 5_000_000 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60));
        Assert.NotNull(failure);
        TestContext.Current.TestOutputHelper?.WriteLine($"{campaign.Runs} inputs: {failure}");
        byte[] shortest = campaign.Shorten(failure.Input);
        Assert.InRange(shortest.Length, 0, failure.Input.Length);
        Assert.NotNull(new Campaign(Targets.Value[name], seed: 1).Replay([shortest]));
    }

    /// <summary>The mistake of the planted reader needs five octets in their order. Step by step towards it, by what the code does, is a matter of seconds; by luck it is not.</summary>
    [Fact]
    public void The_search_is_led_by_the_branches_that_are_taken()
    {
        byte[] harmless = Convert.FromHexString("004E4F4F500D0A");
        Campaign led = new(Targets.Value["planted-command-reader"], seed: 1);
        Assert.Null(led.Replay([harmless]));
        Assert.NotNull(led.Search(static search => search.Runs < 5_000_000));
        Campaign blind = new(Targets.Value["planted-command-reader"], seed: 1) { IsGuided = false };
        Assert.Null(blind.Replay([harmless]));
        Assert.Null(blind.Search(search => search.Runs < led.Runs));
        Assert.InRange(led.Kept.Count, 5, int.MaxValue);
        Assert.Single(blind.Kept);
    }

    private static string Folder => Path.Combine(Sources.Root, "ZeroFtp.Tests", "Fuzz", "Corpus");

    private static IReadOnlyList<byte[]> CorpusOf(string name) => new Corpus(Path.Combine(Folder, name + ".txt")).Read();
}
