using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Info;

/// <summary>FEAT (RFC 2389), from the table of verbs.</summary>
internal static class Feat
{
    private static readonly Reply NoArgument = Reply.Constant(501, "FEAT takes no argument.");
    private static readonly Reply Nothing = Reply.Constant(211, "No features.");

    public static readonly Verb Definition = new("FEAT", Needs.Nothing, Run)
    {
        Help = "FEAT",
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (argument.Length > 0)
            return (Outcome)NoArgument;
        List<string> lines = [];
        foreach (Verb verb in Verbs.All)
        {
            if (session.Options.Features.DisabledVerbs.Contains(verb.Name) || (verb.IsOffered is { } isOffered && !isOffered(session)))
                continue;
            if (verb.Feature?.Invoke(session) is { } feature)
                lines.AddRange(feature.Split('\n'));
        }
        if (lines.Count == 0)
            return (Outcome)Nothing;
        lines.Sort(StringComparer.Ordinal);
        lines.Insert(0, "Features:");
        return (Outcome)Reply.Of(211, lines, "End");
    }
}
