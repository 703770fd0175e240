using System.Text;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Tests.Protocol.Control;

namespace ZeroFtp.Fuzz.Targets;

/// <summary>The command reader: the first octet says where to cut, the rest is what a client sends. However it is cut, the lines are those of the oracle, and none can break a log line or show a password.</summary>
internal sealed class CommandReaderTarget(Func<IReadOnlyList<byte[]>, int, List<(LineStatus Status, string Line)>> read)
{
    private const int Limit = 24;

    public void Run(byte[] input)
    {
        if (input.Length == 0)
            return;
        byte[] octets = input[1..];
        List<(LineStatus Status, string Line)> expected = LineOracle.Lines(octets, Limit);
        Same("whole", expected, read([octets], Limit));
        Same("cut once", expected, read(Pieces.At(octets, input[0]), Limit));
        Same("octet by octet", expected, read(Pieces.Single(octets), Limit));
        foreach ((LineStatus status, string line) in expected)
            CheckLog(PendingCommand.Parse(status, Encoding.Latin1.GetBytes(line)), line);
    }

    private static void Same(string how, List<(LineStatus, string)> expected, List<(LineStatus, string)> actual) =>
        DefectException.Demand($"Lines read {how}", string.Join('|', expected.Select(Show)), string.Join('|', actual.Select(Show)));

    private static string Show((LineStatus Status, string Line) read) => $"{read.Status} {Convert.ToHexString(Encoding.Latin1.GetBytes(read.Line))}";

    private static void CheckLog(PendingCommand command, string line)
    {
        string log = command.ToString();
        DefectException.Demand("The log has one line", !log.Any(char.IsControl));
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && line[..space].Equals("PASS", StringComparison.OrdinalIgnoreCase) && command.Argument.Length > 0)
            DefectException.Demand("No password in the log", "PASS ***", log);
    }
}
