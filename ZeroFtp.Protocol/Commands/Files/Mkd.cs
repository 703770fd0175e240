using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>MKD (RFC 959 section 4.1.3, appendix II).</summary>
internal static class Mkd
{
    public static readonly Verb Definition = new("MKD", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "MKD path",
        Aliases = ["XMKD"],
        ArgumentMissing = Reply.Of(501, "MKD requires a path."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.Path(session, argument);
        if (path.IsRoot)
            return AlreadyExists(argument);
        Arguments.CheckNewName(session, path);
        Arguments.Demand(session, FtpPermissions.MakeDirectory);
        try
        {
            await session.Driver.MakeDirectoryAsync(path, 0b111_111_111 & ~session.Umask, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.Error == FtpError.AlreadyExists)
        {
            return AlreadyExists(argument);
        }
        session.Changed(FtpChangeKind.DirectoryMade, path);
        return Reply.OfPath(257, $"\"{Arguments.Quoted(path)}\" created.");
    }

    private static Reply AlreadyExists(string argument) => Reply.Of(550, $"Directory already exists: {argument}");
}
