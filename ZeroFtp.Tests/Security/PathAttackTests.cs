using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>A user whose root is a part of the tree, and everything that could lead out of it.</summary>
public sealed class PathAttackTests
{
    private const string Secret = "the neighbour's secret";

    /// <summary>Every verb that takes a pathname, with the pathname's place.</summary>
    private static readonly string[] PathCommands =
    [
        "CWD {0}", "XCWD {0}", "RETR {0}", "STOR {0}", "APPE {0}", "STOU {0}", "DELE {0}", "RMD {0}", "XRMD {0}", "RMDA {0}", "MKD {0}", "XMKD {0}", "SIZE {0}", "MDTM {0}", "MDTM 20200102030405 {0}",
        "MFMT 20200102030405 {0}", "MFCT 20200102030405 {0}", "MFF Modify=20200102030405; {0}", "MLST {0}", "MLSD {0}", "LIST {0}", "LIST -R {0}", "NLST {0}", "NLST {0}/*", "STAT {0}", "RNFR {0}", "HASH {0}", "XCRC {0}",
        "XMD5 {0}", "XSHA {0}", "XSHA1 {0}", "XSHA256 {0}", "XSHA512 {0}", "DSIZ {0}", "AVBL {0}", "COMB \"mine2\" \"{0}\"", "COMB \"{0}\" \"mine\"", "SITE CHMOD 777 {0}", "SITE CPFR {0}", "SITE MKDIR {0}", "SITE RMDIR {0}",
        "SITE UTIME 20200102030405 {0}", "SITE SYMLINK {0} link", "SITE SYMLINK mine {0}",
    ];

    /// <summary>Verbs without a pathname, and those that need another command before them, which have tests of their own here.</summary>
    private static readonly HashSet<string> OtherVerbs =
    [
        "ABOR", "ACCT", "ADAT", "ALLO", "AUTH", "CCC", "CDUP", "CLNT", "CONF", "CPSV", "CSID", "ENC", "EPRT", "EPSV", "FEAT", "HELP", "HOST", "LANG", "LPRT", "LPSV", "MD5", "MIC", "MMD5", "MODE", "NOOP", "OPTS", "PASS", "PASV", "PBSZ",
        "PORT", "PRET", "PROT", "PWD", "QUIT", "RANG", "REIN", "REST", "RNTO", "SMNT", "SSCN", "STRU", "SYST", "THMB", "TYPE", "USER", "XQUOTA",
    ];

    private static readonly string[] Ways =
    [
        "../secret", "/../secret", "../../secret", "d/../../secret", "/d/../../../secret", "./.././secret", "..//secret", "//../secret", "d/./../../secret/", "../jail/../secret", "..", "../../..", "/..", "../", "....//secret", "..\\secret",
        "%2e%2e/secret", "\u00C0\u00AE\u00C0\u00AE/secret", "..\u00C0\u00AFsecret", "~/../secret", "~root", "/secret", "C:\\secret", "\\\\host\\secret", "out/secret", "out2/secret", "outfile",
    ];

    public static TheoryData<string> Commands => [.. PathCommands];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task No_pathname_of_any_verb_leads_out_of_the_root(string command)
    {
        foreach (string way in Ways)
            await TryAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, command, way), way);
    }

    [Fact]
    public void Every_verb_is_known_to_take_a_pathname_or_not()
    {
        HashSet<string> tried = [.. PathCommands.Select(static command => command.Split(' ')[0])];
        Assert.DoesNotContain(Verbs.All.Select(static verb => verb.Name), name => tried.Contains(name) == OtherVerbs.Contains(name));
    }

    [Fact]
    public async Task Neither_a_rename_nor_a_copy_leads_out_of_the_root()
    {
        foreach (string way in Ways)
        {
            await TryAsync($"RNFR mine\r\nRNTO {way}", way);
            await TryAsync($"SITE CPFR mine\r\nSITE CPTO {way}", way);
            await TryAsync($"RNFR {way}\r\nRNTO taken\r\nSIZE taken", way);
        }
    }

    /// <summary>Going up beyond the root stays there, and says so.</summary>
    [Fact]
    public async Task The_root_is_above_itself()
    {
        await using MemoryServer server = CreateServer();
        MemoryClient client = await server.LoginAsync("jailed");
        foreach (string command in new[] { "CWD ../../..", "CDUP", "XCUP", "CWD /../..", "CWD d/../../.." })
        {
            await client.SendAsync(command, 250);
            Assert.Equal("257 \"/\" is the current directory.", await client.SendAsync("PWD"));
        }
    }

    [Theory]
    [InlineData("SITE SYMLINK ../secret way")]
    [InlineData("SITE SYMLINK /../secret way")]
    [InlineData("SITE SYMLINK ../../../../../secret way")]
    public async Task A_link_out_of_the_root_leads_nowhere(string link)
    {
        await using MemoryServer server = CreateServer();
        MemoryClient client = await server.LoginAsync("jailed");
        await client.SendAsync(link, 200);
        foreach (string command in new[] { "SIZE way", "CWD way", "MDTM way", "HASH way", "SITE CPFR way" })
            Assert.StartsWith("550", await client.SendAsync(command), StringComparison.Ordinal);
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR way", 550);
        await data.ResetAsync();
        AssertUntouched(server, link);
    }

    private static async Task TryAsync(string commands, string way)
    {
        await using MemoryServer server = CreateServer();
        MemoryClient client = await server.LoginAsync("jailed");
        foreach (string command in commands.Split("\r\n"))
        {
            DataEnd data = await DataEnd.OpenAsync(client);
            string said = await client.SendAsync(command);
            if (said.StartsWith('1'))
            {
                bool isUpload = command.StartsWith("ST", StringComparison.Ordinal) || command.StartsWith("APPE", StringComparison.Ordinal);
                if (isUpload)
                    await data.SendAsync("forged");
                else
                    said += await data.ReadToEndAsync();
                said += "\n" + await client.ReadReplyAsync();
            }
            // The name that was asked for may be echoed; what is there may not be shown.
            Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
            Assert.DoesNotContain("neighbours-file", said, StringComparison.Ordinal);
            Assert.DoesNotMatch($"(?m)^213 {Secret.Length}$", said);
            Assert.DoesNotMatch("(?m)^451", said);
        }
        AssertUntouched(server, $"{commands} by {way}");
    }

    private static void AssertUntouched(MemoryServer server, string by)
    {
        Assert.True(server.Tree.ReadText("/secret") == Secret, $"The secret was changed by {by}.");
        Assert.True(server.Tree.ReadText("/out/neighbours-file") == Secret, $"A neighbour's file was changed by {by}.");
        MemoryDriver outside = new(server.Tree);
        string[] names = [.. outside.ListFilesAsync(FtpPath.Root, CancellationToken.None).ToBlockingEnumerable().Select(static entry => entry.Name)];
        Assert.True(names is ["jail", "out", "secret"], $"Outside there is now {string.Join(' ', names)}, by {by}.");
        Assert.Equal(MemoryServer.Start.UtcDateTime, outside.GetFileInfoAsync(FtpPath.Parse("/secret"), CancellationToken.None).AsTask().Result!.ModifiedUtc);
    }

    private static MemoryServer CreateServer()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new(MemoryServer.Start);
        MemoryTree tree = new(clock);
        tree.AddFile("/secret", MemoryClient.Octets(Secret));
        tree.AddFile("/out/neighbours-file", MemoryClient.Octets(Secret));
        tree.AddFile("/jail/mine", "mine"u8);
        tree.AddDirectory("/jail/d");
        tree.AddLink("/jail/out", "../out");
        tree.AddLink("/jail/out2", "/../out");
        tree.AddLink("/jail/outfile", "../../secret");
        MemoryServerDriver driver = new MemoryServerDriver(tree).AddAccount(new MemoryAccount("jailed", "secret") { Root = FtpPath.Parse("/jail") });
        return new MemoryServer(driver, clock: clock);
    }
}
