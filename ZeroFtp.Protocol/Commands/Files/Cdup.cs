namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>CDUP (RFC 959 section 4.1.1); it has CWD's codes (appendix II). At the root it stays there.</summary>
internal static class Cdup
{
    public static readonly Verb Definition = new("CDUP", Needs.Login | Needs.CarriesNotice, static (session, _, token) => Cwd.EnterAsync(session, session.WorkingDirectory.Parent, token))
    {
        Help = "CDUP",
        Aliases = ["XCUP"],
    };
}
