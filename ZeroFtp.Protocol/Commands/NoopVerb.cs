using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands;

/// <summary>NOOP (RFC 959 section 4.1.3).</summary>
internal static class NoopVerb
{
    private static readonly Outcome Ok = Reply.Constant(200, "OK.");

    public static readonly Verb Definition = new("NOOP", Needs.KeepsRename | Needs.CarriesNotice, static (_, _, _) => Ok)
    {
        Help = "NOOP",
    };
}
