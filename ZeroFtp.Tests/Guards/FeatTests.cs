using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Guards;

/// <summary>FEAT tells what is there: everything when everything is on, and nothing that is off.</summary>
public sealed class FeatTests
{
    private static readonly FtpServerOptions AllOn = new()
    {
        Tls = new FtpTlsOptions { AllowCcc = true },
        Data = new FtpDataOptions { AllowFxp = true },
        Features = new FtpFeatureOptions { Md5Verbs = true },
    };

    private static readonly string[] Labels =
    [
        "AUTH", "AVBL", "CCC", "CLNT", "COMB", "CPSV", "CSID", "DSIZ", "EPRT", "EPSV", "HASH", "HOST", "LANG", "MD5", "MDTM", "MFCT", "MFF", "MFMT", "MLST", "MMD5", "MODE", "PBSZ", "PROT", "RANG", "REST",
        "RMDA", "SITE", "SIZE", "SSCN", "TVFS", "UTF8", "XCRC", "XMD5", "XQUOTA", "XSHA", "XSHA1", "XSHA256", "XSHA512",
    ];

    public static TheoryData<string> Features => [.. Verbs.All.Where(static verb => verb.Feature is not null).Select(static verb => verb.Name)];

    [Fact]
    public async Task Lists_everything_that_is_on() => Assert.Equal(Labels, (await LinesAsync(AllOn)).Select(static line => line.Split(' ')[0]).Distinct());

    [Theory]
    [MemberData(nameof(Features))]
    public async Task Leaves_out_what_is_off_and_nothing_else(string verb)
    {
        List<string> all = await LinesAsync(AllOn);
        List<string> without = await LinesAsync(AllOn with { Features = AllOn.Features with { DisabledVerbs = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { verb } } });
        IEnumerable<string> missing = all.Except(without).Select(static line => line.Split(' ')[0]).Distinct();
        Assert.Equal(verb == "OPTS" ? ["TVFS", "UTF8"] : [verb], missing);
        Assert.Empty(without.Except(all));
    }

    [Theory]
    [InlineData("xcwd", "CWD", "XCWD")]
    [InlineData("cwd", "CWD", "XCWD")]
    [InlineData("mfmt", "MFMT")]
    public async Task What_is_off_is_refused_under_all_of_its_names(string name, params string[] verbs)
    {
        await using MemoryServer server = MemoryServer.Create(AllOn with { Features = AllOn.Features with { DisabledVerbs = new HashSet<string>(StringComparer.Ordinal) { name } } });
        MemoryClient client = await server.LoginAsync();
        foreach (string verb in verbs)
            Assert.StartsWith("502 ", await client.SendAsync(verb + " /"), StringComparison.Ordinal);
        Assert.DoesNotContain(" " + verbs[0], await client.SendAsync("FEAT"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_verb_that_confuses_clients_is_listed() =>
        Assert.DoesNotContain(Verbs.All, static verb => verb.Feature is not null && verb.Name is "PRET" or "MLSD" or "PASV" or "FEAT");

    private static async Task<List<string>> LinesAsync(FtpServerOptions options)
    {
        await using MemoryServer server = MemoryServer.Create(options);
        MemoryClient client = await server.LoginAsync();
        string[] lines = (await client.SendAsync("FEAT")).Split('\n');
        Assert.Equal("211-Features:", lines[0]);
        Assert.Equal("211 End", lines[^1]);
        Assert.All(lines[1..^1], static line => Assert.Matches("^ [A-Z0-9]", line));
        return [.. lines[1..^1].Select(static line => line[1..])];
    }
}
