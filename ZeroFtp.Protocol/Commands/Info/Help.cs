using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Info;

/// <summary>HELP (RFC 959 section 4.1.3), from the table of verbs.</summary>
internal static class Help
{
    private const int VerbsPerLine = 8;

    private static readonly Reply Unknown = Reply.Constant(502, "Unknown command.");

    public static readonly Verb Definition = new("HELP", Needs.Nothing, Run)
    {
        Help = "HELP [verb]",
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string name = argument.Trim(' ');
        if (name.Length > 0)
        {
            return (Outcome)(Verbs.Find(CommandLine.KeyOf(name)) is { } verb
                ? Reply.Of(214, $"Syntax: {verb.Help}")
                : Unknown);
        }
        List<string> lines = ["The following commands are recognised:"];
        lines.AddRange(Verbs.All.SelectMany(static verb => verb.Aliases.Prepend(verb.Name)).Order(StringComparer.Ordinal).Chunk(VerbsPerLine).Select(static chunk => string.Join(' ', chunk)));
        return (Outcome)Reply.Of(214, lines, "Help OK.");
    }
}
