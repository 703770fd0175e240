using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Commands.Login;

/// <summary>QUIT (RFC 959 section 4.1.1).</summary>
internal static class Quit
{
    private static readonly Outcome Goodbye = new(Reply.Constant(221, "Goodbye."), After: After.Close);

    public static readonly Verb Definition = new("QUIT", Needs.Nothing, static (_, _, _) => Goodbye)
    {
        Help = "QUIT",
    };
}
