using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands;

/// <summary>QUIT (RFC 959 section 4.1.1).</summary>
internal static class QuitVerb
{
    private static readonly Outcome Goodbye = new(Reply.Constant(221, "Goodbye."), After: After.Close);

    public static readonly Verb Definition = new("QUIT", Needs.Nothing, static (_, _, _) => Goodbye)
    {
        Help = "QUIT",
    };
}
