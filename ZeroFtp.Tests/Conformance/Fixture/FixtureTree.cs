namespace ZeroFtp.Conformance.Fixture;

/// <summary>The tree that the checks of the requirements read.</summary>
internal static class FixtureTree
{
    public const int BigLength = 10_485_760;

    public static readonly DateTime Modified = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static readonly IReadOnlyList<string> Directories = ["docs", "empty", "up"];

    public const string QuotedDirectory = "docs/q\"uote";

    public const string Utf8File = "docs/ünï.txt";

    /// <summary>Files with ordinary names.</summary>
    public static readonly IReadOnlyList<(string Path, Func<byte[]> Content)> Files =
    [
        ("docs/a.txt", () => "hello\nworld\n"u8.ToArray()),
        ("docs/crlf.txt", () => "a\r\nb\r\n"u8.ToArray()),
        ("docs/mixed.txt", () => "a\nb\r\nc\rd"u8.ToArray()),
        ("bin.dat", AllOctets),
        ("big.bin", Big),
        ("zero", () => []),
    ];

    public static readonly IReadOnlyList<(string Path, string Content)> OddFiles =
    [
        ("docs/sp ace.txt", "x\n"),
        ("docs/ lead", "x\n"),
        ("docs/trail ", "x\n"),
        ("docs/.hidden", "h\n"),
        ("docs/-l", "d\n"),
        ("docs/20200102030405 f", "m\n"),
        ("docs/a*b", "g\n"),
    ];

    public static readonly IReadOnlyList<(string Link, string Target)> Links = [("link", "docs/a.txt"), ("dlink", "docs"), ("broken", "nowhere")];

    public static byte[] AllOctets() => [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    /// <summary>Ten MiB of a fixed, incompressible-looking sequence; made once, not to be changed.</summary>
    public static byte[] Big() => LazyBig.Value;

    private static readonly Lazy<byte[]> LazyBig = new(MakeBig);

    private static byte[] MakeBig()
    {
        byte[] octets = new byte[BigLength];
        uint state = 0x2545F491;
        for (int at = 0; at < octets.Length; at++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            octets[at] = (byte)state;
        }

        return octets;
    }
}
