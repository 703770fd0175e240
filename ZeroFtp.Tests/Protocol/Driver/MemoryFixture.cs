using System.Text;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;

namespace ZeroFtp.Tests.Protocol.Driver;

/// <summary>The tree and the accounts that the protocol's tests speak of.</summary>
internal static class MemoryFixture
{
    public static readonly DateTime ATxtTime = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    /// <summary>The plain files that every user may read.</summary>
    public static readonly IReadOnlyList<string> Files =
    [
        "/docs/a.txt", "/docs/crlf.txt", "/docs/mixed.txt", "/docs/sp ace.txt", "/docs/ lead", "/docs/trail ", "/docs/.hidden", "/docs/-l", "/docs/20200102030405 f", "/docs/a*b", "/docs/ünï.txt",
        "/bin.dat", "/big.bin", "/zero",
    ];

    private static readonly byte[] Big = new byte[10 << 20];

    public static MemoryTree CreateTree(TimeProvider? time = null)
    {
        MemoryTree tree = new(time);
        tree.AddFile("/docs/a.txt", "hello\nworld\n"u8, ATxtTime);
        tree.AddFile("/docs/crlf.txt", "a\r\nb\r\n"u8);
        tree.AddFile("/docs/mixed.txt", "a\nb\r\nc\rd"u8);
        foreach (string name in new[] { "sp ace.txt", " lead", "trail " })
            tree.AddFile("/docs/" + name, "x\n"u8);
        tree.AddFile("/docs/.hidden", "h\n"u8);
        tree.AddFile("/docs/-l", "d\n"u8);
        tree.AddFile("/docs/20200102030405 f", "m\n"u8);
        tree.AddFile("/docs/a*b", "g\n"u8);
        tree.AddFile("/docs/ünï.txt", "u\n"u8);
        tree.AddDirectory("/docs/q\"uote");
        tree.AddDirectory("/empty");
        tree.AddFile("/bin.dat", Enumerable.Range(0, 256).Select(value => (byte)value).ToArray());
        tree.AddFile("/big.bin", Big);
        tree.AddFile("/zero", []);
        tree.AddFile("/ro.txt", "r\n"u8, mode: 0b100_100_100);
        tree.AddFile("/noread.txt", "n\n"u8, mode: 0b010_000_000);
        tree.AddLink("/link", "docs/a.txt");
        tree.AddLink("/dlink", "docs");
        tree.AddLink("/broken", "nowhere");
        tree.AddDirectory("/up");
        return tree;
    }

    public static MemoryServerDriver CreateServerDriver(MemoryTree? tree = null) => new MemoryServerDriver(tree ?? CreateTree())
        .AddAccount(new MemoryAccount("alice", "secret"))
        .AddAccount(new MemoryAccount("bob", "secret") { Permissions = FtpPermissions.ReadOnly })
        .AddAccount(new MemoryAccount("acme", "secret") { Account = "proj1" })
        .AddAccount(new MemoryAccount("storer", "secret") { StoringAccount = "proj2" })
        .AddAccount(new MemoryAccount("anonymous", null) { IsAnonymous = true, Permissions = FtpPermissions.ReadOnly });

    public static string? ReadText(this MemoryTree tree, string path) => tree.ReadFile(path) is byte[] content ? Encoding.Latin1.GetString(content) : null;
}
