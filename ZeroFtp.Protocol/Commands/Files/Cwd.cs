using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Files;

/// <summary>CWD (RFC 959 section 4.1.1).</summary>
internal static class Cwd
{
    public static readonly Verb Definition = new("CWD", Needs.Login | Needs.Argument | Needs.CarriesNotice, RunAsync)
    {
        Help = "CWD path",
        Aliases = ["XCWD"],
        ArgumentMissing = Reply.Of(501, "CWD requires a path."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        try
        {
            return await EnterAsync(session, Arguments.Path(session, argument), cancellationToken).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.Error == FtpError.NotFound && argument == "~")
        {
            // Where nothing has this name, it is the directory in which the session began, as other servers have it.
            return await EnterAsync(session, session.Accepted.StartDirectory, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Changes the working directory, as CDUP does too.</summary>
    public static async ValueTask<Outcome> EnterAsync(FtpSession session, FtpPath path, CancellationToken cancellationToken)
    {
        // Whoever may do anything inside may enter: devices that only upload change the directory before they store.
        Arguments.DemandAny(session, FtpPermissions.All);
        IReadOnlyList<string>? message = await session.Driver.ChangeDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
        session.WorkingDirectory = path;
        string text = $"Directory changed to {path}";
        return message is { Count: > 0 } ? Reply.Of(250, message, text) : Reply.OfPath(250, text);
    }
}
