using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands;

/// <summary>CDUP (RFC 959 section 4.1.1); it has CWD's codes (appendix II). At the root it stays there.</summary>
internal static class CdupVerb
{
    public static readonly Verb Definition = new("CDUP", Needs.Login | Needs.CarriesNotice, static (session, _, token) => CwdVerb.EnterAsync(session, session.WorkingDirectory.Parent, token))
    {
        Help = "CDUP",
        Aliases = ["XCUP"],
    };
}
