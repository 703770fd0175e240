using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Parameters;

/// <summary>CSID: client and server tell who they are (draft-peterson-streamlined-ftp-command-extensions).</summary>
internal static class Csid
{
    private static readonly Reply BadSyntax = Reply.Constant(501, "CSID requires Name=value; pairs.");

    public static readonly Verb Definition = new("CSID", Needs.Argument, Run)
    {
        Help = "CSID Name=name; Version=version;",
        Feature = static _ => "CSID",
        ArgumentMissing = BadSyntax,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string? name = null, version = null;
        foreach (string pair in argument.Split(';', StringSplitOptions.TrimEntries))
        {
            if (pair.Length == 0)
                continue;
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                return (Outcome)BadSyntax;
            string value = pair[(equals + 1)..];
            if (pair.AsSpan(0, equals).Equals("Name", StringComparison.OrdinalIgnoreCase))
                name = value;
            else if (pair.AsSpan(0, equals).Equals("Version", StringComparison.OrdinalIgnoreCase))
                version = value;
        }
        if (!argument.Contains('=', StringComparison.Ordinal))
            return (Outcome)BadSyntax;
        session.Client = Printable.Text($"{name} {version}".Trim());
        string own = session.Options.Features.ShowVersion ? typeof(Csid).Assembly.GetName().Version?.ToString(3) ?? "0" : "0";
        string system = session.Options.Features.ShowVersion ? Environment.OSVersion.Platform.ToString() : "Unix";
        return (Outcome)Reply.Of(200, $"Name={session.Options.ServerName}; Version={own}; OS={system}; CaseSensitive=1; DirSep=/;");
    }
}
