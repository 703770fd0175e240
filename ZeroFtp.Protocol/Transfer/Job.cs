using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>A long operation without a data connection (HASH, COMB, DSIZ, RMDA): ABOR ends it with 450.</summary>
/// <param name="session">The session.</param>
/// <param name="verb">The verb.</param>
/// <param name="argument">The argument, for the reply if it fails.</param>
/// <param name="run">The work; its token is cancelled by ABOR, a lost client and a stopping server.</param>
internal sealed class Job(FtpSession session, string verb, string argument, Func<CancellationToken, ValueTask<Reply>> run) : Activity
{
    public override string Description => $"{verb} {Printable.Text(argument)}";

    public override Reply Aborted => Replies.OperationAborted;

    public override async ValueTask<Reply> RunAsync()
    {
        // Reading from a local store may never wait: the session loop must stay free to read ABOR.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await run(Stopping).ConfigureAwait(false);
        }
        catch (Exception) when (Cause != StopCause.None)
        {
            return Aborted;
        }
        catch (Exception exception)
        {
            return VerbFailures.ToReply(session, verb, argument, exception);
        }
    }
}
