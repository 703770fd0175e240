using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Parameters;

/// <summary>LANG (RFC 2640 section 4). English is the only language of replies.</summary>
internal static class Lang
{
    private static readonly Reply English = Reply.Constant(200, "Using language EN.");
    private static readonly Reply NotAvailable = Reply.Constant(504, "Language is not available.");
    private static readonly Reply BadTag = Reply.Constant(501, "LANG requires a language tag.");

    public static readonly Verb Definition = new("LANG", Needs.Nothing, Run)
    {
        Help = "LANG [tag]",
        Feature = static _ => "LANG EN*",
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string tag = argument.Trim(' ');
        if (tag.Length == 0)
            return (Outcome)English;
        string[] parts = tag.Split('-');
        if (!parts.All(static part => part.Length is >= 1 and <= 8 && part.All(char.IsAsciiLetterOrDigit)) || !parts[0].All(char.IsAsciiLetter))
            return (Outcome)BadTag;
        return (Outcome)(parts[0].Equals("en", StringComparison.OrdinalIgnoreCase) ? English : NotAvailable);
    }
}
