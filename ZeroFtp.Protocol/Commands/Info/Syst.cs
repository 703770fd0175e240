using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Commands.Info;

/// <summary>SYST (RFC 959 section 4.1.3). The text decides how clients read LIST.</summary>
internal static class Syst
{
    private static readonly Reply Unix = Reply.Constant(215, "UNIX Type: L8");

    public static readonly Verb Definition = new("SYST", Needs.Nothing, static (_, _, _) => (Outcome)Unix)
    {
        Help = "SYST",
    };
}
