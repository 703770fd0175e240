using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>What all sessions of a server share.</summary>
internal sealed class SessionContext(FtpServerOptions options, IServerDriver driver, EventDispatcher events, TimeProvider clock, ILogger logger) : IDisposable
{
    private long _lastId;

    public FtpServerOptions Options => options;

    public IServerDriver Driver => driver;

    public EventDispatcher Events => events;

    public TimeProvider Clock => clock;

    public ILogger Logger => logger;

    /// <summary>Ends a session by its number; false if there is none.</summary>
    public Func<long, bool> KickRequested { get; set; } = static _ => false;

    /// <summary>Ends a session whose login was revoked.</summary>
    public void Revoke(FtpSession session) =>
        Sessions.Find(session.Id)?.End(Replies.LoginRevoked, "login revoked", StopCause.Kicked, waitsForTransfer: false);

    public SessionRegistry Sessions { get; } = new(options.Limits.Ipv6PrefixLength);

    public LoginThrottle Logins { get; } = new(options.Limits, clock);

    public UserThrottle UserLogins { get; } = new(options.Limits, clock);

    public PendingLogins PendingLogins { get; } = new();

    public UserSessions Users { get; } = new();

    /// <summary>Slots for digests that are being computed.</summary>
    public SemaphoreSlim HashJobs { get; } = new(options.Limits.MaxHashJobs);

    public long NextId() => Interlocked.Increment(ref _lastId);

    public void Dispose() => HashJobs.Dispose();
}
