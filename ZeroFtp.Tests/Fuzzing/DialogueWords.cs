using System.Text;
using ZeroFtp.Protocol.Commands;

namespace ZeroFtp.Tests.Fuzzing;

/// <summary>What the clients of the dialogues say: every verb, with arguments that mean something to it and with others.</summary>
internal sealed class DialogueWords(Random random)
{
    private static readonly string[] Verbs = [.. ZeroFtp.Protocol.Commands.Verbs.All.SelectMany(static verb => verb.Aliases.Prepend(verb.Name)), "FOOB", "X", "LONGVERBS", "GET", ""];

    private static readonly string[] Paths =
    [
        "/", "docs", "docs/a.txt", "up", "up/x1", "up/x2", "up/../up/x3", "../../docs/crlf.txt", "nosuch", "nosuch/x", "dlink/a.txt", "broken", "bin.dat", "zero", "ro.txt", "noread.txt", "big.bin", "k200",
        "up/d1", "up/d1/d2", "docs/", ".", "..", "/..", "up/a\u00FF\u00FFb", "up/\u00C3\u00BC", "up/\u00C3", "up/a\r\0b", "up/ x ", "docs/q\"uote", "empty",
    ];

    private static readonly string[] Others =
    [
        "", " ", "A", "A N", "A T", "I", "E", "L 8", "L 7", "S", "B", "Z", "F", "R", "P", "C", "ON", "OFF", "ALL", "1", "2", "0", "5", "-5", "1 0", "0 5", "7 3", "200000", "9223372036854775807", "99999999999999999999",
        "alice", "bob", "root", "acme", "anonymous", "nobody", "secret", "wrong", "proj1", "TLS", "TLS-P", "SSL", "GSSAPI", "192,0,2,7,156,65", "192,0,2,7,156,66", "127,0,0,1,0,25", "1,2,3,4,5", "|1|192.0.2.7|40001|",
        "|2|::ffff:7f00:1|40001|", "|1|127.0.0.1|40001|", "-la", "-R", "-R *", "-aF docs", "-d *", "*", "[", "d*/[ab]*", "utf8 on", "MLST size;type;", "MODE Z LEVEL 9", "HASH SHA-1", "SHA-256", "en", "fr",
        "20200102030405 docs/a.txt", "20209902030405 docs/a.txt", "size;x", "UNIX.mode=644; up/x1", "Modify=20200102030405; up/x1", "CHMOD 644 up/x1", "CHMOD", "CPFR docs/a.txt", "CPTO up/x4", "MKDIR up/d3/d4",
        "RMDIR up/d3", "SYMLINK x up/l1", "IDLE 60", "UMASK 027", "WHO", "KICK 999999", "QUOTA", "UTIME 202001020304 up/x1", "EXEC id", "ZONE", "HELP", "\"up/x5\" \"up/x1\" \"up/x2\"", "ftp.example.com", "x y z", "%s%n", "'; DROP TABLE x; --",
    ];

    private static readonly Dictionary<string, string[]> Fitting = new(StringComparer.Ordinal)
    {
        ["USER"] = ["alice", "alice", "bob", "root", "acme", "anonymous", "nobody"],
        ["PASS"] = ["secret", "secret", "secret", "wrong", ""],
        ["ACCT"] = ["proj1", "wrong"],
        ["TYPE"] = ["A", "I", "L 8", "E"],
        ["MODE"] = ["S", "Z", "B"],
        ["STRU"] = ["F", "R", "P"],
        ["PORT"] = ["192,0,2,7,156,65", "192,0,2,7,156,66"],
        ["EPRT"] = ["|1|192.0.2.7|40001|", "|1|192.0.2.7|40002|"],
        ["EPSV"] = ["", "", "", "1", "2"],
        ["PASV"] = [""],
        ["REST"] = ["0", "3", "100"],
        ["RANG"] = ["0 5", "3 9", "1 0"],
        ["AUTH"] = ["TLS", "TLS-P", "X"],
        ["PBSZ"] = ["0", "1"],
        ["PROT"] = ["P", "C"],
        ["QUIT"] = [""],
        ["REIN"] = [""],
        ["STOU"] = ["", "up/x6"],
        ["STOR"] = ["up/x1", "up/x2", "up/x3", "ro.txt", "docs/a.txt"],
        ["APPE"] = ["up/x1", "up/x2"],
        ["LIST"] = ["", "docs", "-R", "-la docs", "nosuch"],
        ["MLSD"] = ["", "docs", "nosuch"],
        ["NLST"] = ["", "*", "docs/*"],
        ["RETR"] = ["docs/a.txt", "bin.dat", "k200", "big.bin", "up/x1", "zero", "docs"],
        ["RNFR"] = ["up/x1", "docs/a.txt"],
        ["RNTO"] = ["up/x2", "up/x3"],
        ["SITE"] = ["CPFR docs/a.txt", "CPTO up/x4", "WHO", "IDLE 60"],
    };

    /// <summary>A command that often makes sense where the session stands.</summary>
    public string Command(Diagram diagram)
    {
        string verb = random.Next(10) switch
        {
            0 or 1 when !diagram.IsLoggedIn => "USER",
            2 or 3 or 4 when !diagram.IsLoggedIn => "PASS",
            0 or 1 when !diagram.HasTarget => Pick("EPSV", "PASV", "EPSV", "PORT", "EPRT"),
            0 or 1 or 2 when diagram.HasTarget => Pick("RETR", "STOR", "LIST", "NLST", "MLSD", "APPE", "STOU"),
            _ => Verbs[random.Next(Verbs.Length)],
        };
        return Shape(verb, Argument(verb));
    }

    /// <summary>A command that is changed in a few octets.</summary>
    public byte[] Damaged(Diagram diagram)
    {
        List<byte> octets = [.. Encoding.Latin1.GetBytes(Command(diagram))];
        byte[] telling = [0, (byte)'\r', (byte)' ', 0xFF, 0xF1, 0xF4, 0xF2, 0xFA, 0xF0, 0xFB, 0xFD, 0x18, 0x7F, 0x80, (byte)'\n'];
        for (int left = random.Next(1, 6); left > 0; left--)
            octets.Insert(random.Next(octets.Count + 1), random.Next(3) == 0 ? (byte)random.Next(256) : telling[random.Next(telling.Length)]);
        if (random.Next(20) == 0)
            octets.AddRange(Enumerable.Repeat((byte)'a', 9000));
        return [.. octets];
    }

    private string Argument(string verb) => random.Next(10) switch
    {
        < 7 when Fitting.TryGetValue(verb, out string[]? fitting) => Pick(fitting),
        < 7 => Pick(Paths),
        7 => Pick(Paths),
        _ => Pick(Others),
    };

    private string Shape(string verb, string argument) => (random.Next(8) == 0 ? verb.ToLowerInvariant() : verb) + (argument.Length == 0 ? "" : " " + argument);

    private string Pick(params string[] words) => words[random.Next(words.Length)];
}
