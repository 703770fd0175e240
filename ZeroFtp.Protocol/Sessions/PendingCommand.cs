using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>A command line taken apart: what its line was, which verb it names, and its argument as text.</summary>
/// <param name="Status">Whether the line was sound.</param>
/// <param name="Verb">The verb, or null if it is unknown.</param>
/// <param name="Name">The verb as it may be shown; null for a known one.</param>
/// <param name="Argument">The argument, empty if there is none.</param>
/// <param name="IsForeign">Whether the line belongs to another protocol.</param>
internal readonly record struct PendingCommand(LineStatus Status, Verb? Verb, string? Name, string Argument, bool IsForeign)
{
    /// <summary>The length of its line, the end included.</summary>
    public int Octets { get; private init; }

    /// <summary>Whether ABOR came while the command waited: what it would start is not begun any more.</summary>
    public bool IsAborted { get; init; }

    public static PendingCommand Foreign => new(LineStatus.Complete, null, "?", "", true);

    public static PendingCommand Parse(LineStatus status, ReadOnlySpan<byte> line)
    {
        int octets = line.Length + 2;
        if (status != LineStatus.Complete)
            return new PendingCommand(status, null, null, "", false) { Octets = octets };
        CommandLine command = CommandLine.Split(line);
        if (Verbs.Find(command.Key) is { } verb)
            return new PendingCommand(status, verb, null, command.Argument.IsEmpty ? "" : FtpText.Decode(command.Argument), false) { Octets = octets };
        string name = command.PrintableVerb;
        return new PendingCommand(status, null, name, "", ForeignVerbs.Contains(name) || name.StartsWith("SSH-", StringComparison.Ordinal)) { Octets = octets };
    }

    /// <summary>The command for a log: secrets hidden, control characters replaced.</summary>
    public override string ToString() => Verb is null ? Name ?? Status.ToString()
        : Argument.Length == 0 ? Verb.Name
        : Verb.Has(Needs.Secret) ? Verb.Name + " ***"
        : Verb.Name + " " + Printable.Text(Argument);

    /// <summary>First words of HTTP and its kin, which a browser can be made to send (DF-HTTP-1).</summary>
    private static readonly HashSet<string> ForeignVerbs = new(StringComparer.Ordinal)
    {
        "GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PRI", "PROPFIND", "HOST:", "USER-AGENT:", "EHLO", "HELO", "RTSP/1.0",
    };
}
