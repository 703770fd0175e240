using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Diagnostics;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>Runs one command: the checks that hold for every verb, in the order of docs/protocol.md, then the verb; what a verb throws becomes a reply.</summary>
internal sealed class CommandRunner(FtpSession session)
{
    public ValueTask<Outcome> RunAsync(in PendingCommand command, CancellationToken cancellationToken)
    {
        ForgetRename(command.Verb);
        if (command.Status != LineStatus.Complete)
            return new Outcome(command.Status == LineStatus.TooLong ? Replies.LineTooLong : Replies.InvalidCharacter);
        if (command.Verb is not { } verb)
            return Unknown(command);
        FtpMetrics.CountCommand(verb.Name);
        if (Check(verb, command.Argument) is { IsNone: false } refusal)
        {
            if (verb.Has(Needs.DataChannel) && session.IsLoggedIn)
            {
                session.Marker = null;
                session.DropPassiveTarget();
            }
            return new Outcome(refusal);
        }
        ValueTask<Outcome> run;
        try
        {
            run = verb.Run(session, command.Argument, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(verb, command.Argument, exception);
        }
        return run.IsCompletedSuccessfully && !verb.Has(Needs.DataChannel) ? run : AwaitAsync(verb, command.Argument, run, cancellationToken);
    }

    private async ValueTask<Outcome> AwaitAsync(Verb verb, string argument, ValueTask<Outcome> run, CancellationToken cancellationToken)
    {
        Outcome outcome;
        try
        {
            outcome = await run.ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            outcome = Failed(verb, argument, exception);
        }
        if (verb.Has(Needs.DataChannel))
        {
            // A marker is for one transfer verb, whatever becomes of it (F3659-5.3-9).
            session.Marker = null;
            session.Announced = null;
            // So is a passive port; a transfer that starts has taken it already.
            session.DropPassiveTarget();
        }
        return outcome;
    }

    /// <summary>RNTO and SITE CPTO come directly behind RNFR and SITE CPFR; any line between them but NOOP, also one that is refused, makes them void (F959-4.1.3-25).</summary>
    private void ForgetRename(Verb? verb)
    {
        if (verb is not null && verb.Has(Needs.KeepsRename))
            return;
        // RNTO and SITE CPTO are what the pending path is for.
        if (verb?.Name != "RNTO")
            session.RenameFrom = null;
        if (verb?.Name != "SITE")
            session.CopyFrom = null;
    }

    private Reply Check(Verb verb, string argument)
    {
        if (session.Options.Features.DisabledVerbs.Contains(verb.Name))
            return Replies.NotImplemented(verb.Name);
        if (verb.IsOffered is { } isOffered && !isOffered(session))
            return verb.WhenOff ?? Replies.NotImplemented(verb.Name);
        if (verb.Has(Needs.Login) && !session.IsLoggedIn)
            return Replies.PleaseLogIn;
        if (verb.Has(Needs.Argument) && argument.Length == 0)
            return verb.ArgumentMissing;
        if (verb.Has(Needs.DataChannel) && session.RequiresDataTls && !session.Security.ProtectData)
            return Replies.ProtectData;
        return Reply.None;
    }

    private Outcome Unknown(in PendingCommand command)
    {
        if (!session.IsLoggedIn)
        {
            int limit = session.Options.Limits.MaxUnknownVerbsBeforeLogin;
            if (command.IsForeign || (++session.UnknownVerbs >= limit && limit > 0))
                return new Outcome(Replies.ForeignProtocol, After: After.Close);
        }
        return Replies.NotUnderstood;
    }

    private Outcome Failed(Verb verb, string argument, Exception exception) => VerbFailures.ToReply(session, verb.Name, verb.Has(Needs.Secret) ? "" : argument, exception);
}
