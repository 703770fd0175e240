using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands;

/// <summary>What must hold before a verb runs; checked once, in the order that docs/protocol.md tells ("The order of things").</summary>
[Flags]
internal enum Needs
{
    Nothing = 0,

    /// <summary>A logged-in user, else 530.</summary>
    Login = 1 << 0,

    /// <summary>A non-empty argument, else the verb's <see cref="Verb.ArgumentMissing"/>.</summary>
    Argument = 1 << 1,

    /// <summary>A data connection that is protected as far as the policy wants, else 522; a REST or RANG marker is consumed whatever the outcome.</summary>
    DataChannel = 1 << 2,

    /// <summary>The verb is run at once while a transfer runs; all others wait for its end.</summary>
    DuringTransfer = 1 << 3,

    /// <summary>The verb leaves a pending RNFR or SITE CPFR as it is.</summary>
    KeepsRename = 1 << 4,

    /// <summary>The argument is secret and never shown.</summary>
    Secret = 1 << 5,

    /// <summary>The positive reply may carry an operator's notice (REP-5).</summary>
    CarriesNotice = 1 << 6,
}

internal delegate ValueTask<Outcome> VerbHandler(FtpSession session, string argument, CancellationToken cancellationToken);

/// <summary>One verb: everything that the engine knows of it in one place. FEAT and HELP derive from the table of these.</summary>
internal sealed record Verb(string Name, Needs Needs, VerbHandler Run)
{
    /// <summary>Whether the verb has a need. (Enum.HasFlag boxes in code that is not optimized yet.)</summary>
    public bool Has(Needs need) => (Needs & need) != 0;

    /// <summary>The syntax shown by HELP.</summary>
    public required string Help { get; init; }

    /// <summary>Other names of the same verb.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The FEAT line or lines for a session; none if it returns null.</summary>
    public Func<FtpSession, string?>? Feature { get; init; }

    /// <summary>Whether the verb is offered in this session; otherwise it is answered by <see cref="WhenOff"/>.</summary>
    public Func<FtpSession, bool>? IsOffered { get; init; }

    /// <summary>The reply while the verb is not offered; null takes 502.</summary>
    public Reply? WhenOff { get; init; }

    /// <summary>The reply if <see cref="Needs.Argument"/> is not met.</summary>
    public Reply ArgumentMissing { get; init; } = Reply.Of(501, $"{Name} requires an argument.");
}

/// <summary>What happens after the reply.</summary>
internal enum After
{
    Continue,

    /// <summary>TLS starts on the control connection.</summary>
    Secure,

    /// <summary>TLS ends on the control connection and clear text goes on (CCC, REIN).</summary>
    Clear,

    /// <summary>The control connection is closed.</summary>
    Close,
}

/// <summary>What a verb wants done: a reply, or something that runs beside the control connection and yields the reply.</summary>
internal readonly record struct Outcome(Reply Reply, Activity? Activity = null, After After = After.Continue)
{
    public static implicit operator Outcome(Reply reply) => new(reply);

    public static implicit operator ValueTask<Outcome>(Outcome outcome) => ValueTask.FromResult(outcome);

    /// <summary>Something that runs beside the control connection, can be ended by ABOR, and yields the final reply.</summary>
    public static Outcome Start(Activity activity) => new(Reply.None, activity);
}
