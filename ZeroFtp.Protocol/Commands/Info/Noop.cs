using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Commands.Info;

/// <summary>NOOP (RFC 959 section 4.1.3).</summary>
internal static class Noop
{
    private static readonly Outcome Ok = Reply.Constant(200, "OK.");

    public static readonly Verb Definition = new("NOOP", Needs.KeepsRename | Needs.CarriesNotice, static (_, _, _) => Ok)
    {
        Help = "NOOP",
    };
}
