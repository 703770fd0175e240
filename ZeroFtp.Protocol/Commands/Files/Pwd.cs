using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>PWD (RFC 959 section 4.1.3, appendix II).</summary>
internal static class Pwd
{
    private static readonly Outcome AtRoot = Reply.Constant(257, "\"/\" is the current directory.");

    public static readonly Verb Definition = new("PWD", Needs.Login, Run)
    {
        Help = "PWD",
        Aliases = ["XPWD"],
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken) =>
        session.WorkingDirectory.IsRoot ? AtRoot : (Outcome)Reply.OfPath(257, $"\"{Arguments.Quoted(session.WorkingDirectory)}\" is the current directory.");
}
