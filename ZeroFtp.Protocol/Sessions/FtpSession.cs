using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>The state of one session. Only its loop, and the verbs that the loop runs, change it; other threads read what <see cref="FtpSessionInfo"/> shows.</summary>
internal sealed class FtpSession : FtpSessionInfo
{
    private readonly SessionContext _context;
    private readonly DateTimeOffset _openedAt;
    private readonly ByteTally _received = new(isDownload: false);
    private readonly ByteTally _sent = new(isDownload: true);
    private RateLimiter? _ownDownload;
    private RateLimiter? _ownUpload;
    private CancellationTokenSource? _lingering;

    public FtpSession(SessionContext context, ControlChannel control, EndPoint? remote, EndPoint? local, bool isImplicit, IDataTransport dataTransport)
    {
        _context = context;
        Control = control;
        RemoteEndPoint = remote;
        LocalEndPoint = local;
        IsImplicit = isImplicit;
        DataTransport = dataTransport;
        Id = context.NextId();
        _openedAt = LoginClockStart = context.Clock.GetUtcNow();
        PeerAddress = Addresses.Of(remote);
        ClientNetwork = Addresses.ClientOf(PeerAddress, context.Options.Limits.Ipv6PrefixLength);
        LocalAddress = Addresses.Of(local) ?? IPAddress.Loopback;
        Facts = MlstFactNames.Default;
        Umask = context.Options.Features.Umask;
        IdleTimeout = context.Options.Limits.IdleTimeout;
    }

    public override long Id { get; }

    public override EndPoint? RemoteEndPoint { get; }

    public override IPNetwork? ClientNetwork { get; }

    public override EndPoint? LocalEndPoint { get; }

    public override DateTimeOffset OpenedAt => _openedAt;

    public override string? User => Login.User;

    public override string? HostName => Host ?? Security.ServerName;

    public override string? ClientName => Client;

    public override bool IsProtected => Control.IsProtected;

    public override string? Activity => Running?.Description;

    public override FtpTransferProgress? Transfer => Running?.Snapshot;

    public override long BytesReceived => _received.Bytes;

    public override long BytesSent => _sent.Bytes;

    public FtpServerOptions Options => _context.Options;

    public TimeProvider Clock => _context.Clock;

    public ILogger Logger => _context.Logger;

    public EventDispatcher Events => _context.Events;

    public SessionContext Context => _context;

    public ControlChannel Control { get; }

    public IDataTransport DataTransport { get; }

    public bool IsImplicit { get; }

    /// <summary>The client's address, IPv4-mapped ones as IPv4; null if there is none (in memory).</summary>
    public IPAddress? PeerAddress { get; }

    /// <summary>Our address of the control connection, IPv4-mapped ones as IPv4.</summary>
    public IPAddress LocalAddress { get; }

    public bool IsIPv6 => LocalAddress.AddressFamily == AddressFamily.InterNetworkV6;

    public LoginState Login { get; } = new();

    public SecurityState Security { get; } = new();

    public TransferParameters Parameters { get; private set; } = new();

    public DataTarget? Target { get; private set; }

    /// <summary>Whether EPSV ALL was given.</summary>
    public bool IsEpsvAll { get; set; }

    public RestartMarker? Marker { get; set; }

    /// <summary>What ALLO announced for the next upload.</summary>
    public long? Announced { get; set; }

    public FtpPath? RenameFrom { get; set; }

    public FtpPath? CopyFrom { get; set; }

    public FtpPath WorkingDirectory { get; set; }

    public MlstFacts Facts { get; set; }

    public FtpHashAlgorithm HashAlgorithm { get; set; } = FtpHashAlgorithm.Sha256;

    public int Umask { get; set; }

    public TimeSpan IdleTimeout { get; set; }

    public string? Host { get; set; }

    public string? Client { get; set; }

    /// <summary>When the time that a client may take to log in began.</summary>
    public DateTimeOffset LoginClockStart { get; set; }

    /// <summary>Unknown verbs before login.</summary>
    public int UnknownVerbs { get; set; }

    /// <summary>What runs beside the control connection, or null.</summary>
    public Activity? Running { get; set; }

    /// <summary>Whether the last activity was ended by ABOR, whose own reply is still due.</summary>
    public bool WasAborted { get; set; }

    public RateLimiter? UserDownloadLimiter { get; set; }

    public RateLimiter? UserUploadLimiter { get; set; }

    public bool IsLoggedIn => Login.Accepted is not null;

    public LoginResult.Accepted Accepted => Login.Accepted ?? throw new InvalidOperationException("Nobody is logged in.");

    public IClientHandlingDriver Driver => Accepted.Driver;

    public FtpPermissions Permissions => Login.Accepted?.Permissions ?? FtpPermissions.None;

    public bool AllowsFxp => Login.Accepted?.Limits.AllowFxp ?? Options.Data.AllowFxp;

    public bool RequiresDataTls => Login.Accepted?.Limits.RequireDataTls ?? Options.Tls.RequireOnData;

    public bool TrustsEndOfData => Login.Accepted?.Limits.TrustEndOfData ?? Options.Data.TrustEndOfData;

    /// <summary>Whether TLS can be offered at all.</summary>
    public bool IsTlsUsable => Options.Tls.Policy != FtpTlsPolicy.Off && _context.Driver.OffersTls;

    public int ActiveSourcePort => Options.Data.ActiveSourcePort == 20 && IsImplicit ? 989 : Options.Data.ActiveSourcePort;

    /// <summary>Sets where the next data connection comes from; the old target is closed.</summary>
    public void SetTarget(DataTarget? target)
    {
        Target?.Dispose();
        Target = target;
    }

    /// <summary>Closes a passive port that a transfer verb has not taken.</summary>
    public void DropPassiveTarget()
    {
        if (Target is DataTarget.Passive)
            SetTarget(null);
    }

    /// <summary>The target for a transfer that is about to start: a passive one serves one transfer and goes to the caller, an active one stays (F959-4.1.2-22, -25).</summary>
    /// <returns>Null if there is none, or nobody came to the passive port in time.</returns>
    public DataTarget? TakeTarget()
    {
        DataTarget? target = Target;
        if (target is DataTarget.Passive passive)
        {
            Target = null;
            if (!passive.Wait.HasFailed)
                return target;
            target.Dispose();
            return null;
        }
        if (target is null && Options.Data.UseDefaultDataPort && RemoteEndPoint is IPEndPoint peer)
            return new DataTarget.Active(new IPEndPoint(Addresses.Plain(peer.Address), peer.Port));
        return target;
    }

    public RateLimiter?[] LimitersFor(bool isDownload)
    {
        RateLimiter? user = isDownload ? UserDownloadLimiter : UserUploadLimiter;
        RateLimiter? own = isDownload ? _ownDownload : _ownUpload;
        return (user, own) switch
        {
            (null, null) => [],
            (null, _) => [own],
            (_, null) => [user],
            _ => [user, own],
        };
    }

    public void MakeOwnLimiters()
    {
        FtpLimitOptions limits = Options.Limits;
        _ownDownload = limits.DownloadBytesPerSecond > 0 ? new RateLimiter(limits.DownloadBytesPerSecond, Clock) : null;
        _ownUpload = limits.UploadBytesPerSecond > 0 ? new RateLimiter(limits.UploadBytesPerSecond, Clock) : null;
    }

    /// <summary>Takes over a data connection whose peer has got everything and has not closed yet, and closes the one before: a session keeps one at most.</summary>
    public void Linger(DataLink link)
    {
        CancellationTokenSource end = new();
        Interlocked.Exchange(ref _lingering, end)?.Cancel();
        _ = link.LingerAsync(Options.Tls.CloseTimeout, Clock, end.Token);
    }

    /// <summary>Closes the data connection that lingers, if there is one.</summary>
    public void EndLinger() => Interlocked.Exchange(ref _lingering, null)?.Cancel();

    public ByteTally TallyOf(bool isDownload) => isDownload ? _sent : _received;

    public void Changed(FtpChangeKind kind, FtpPath path, FtpPath? target = null) => Events.FileChanged(new FtpFileChange(this, kind, path, target));

    public ValueTask<SslServerAuthenticationOptions?> GetDataTlsOptionsAsync(CancellationToken cancellationToken) =>
        _context.Driver.GetTlsOptionsAsync(new TlsRequest { Session = this, ServerName = Security.ServerName ?? Host, IsDataConnection = true }, cancellationToken);

    /// <summary>Back to the state after the greeting, as far as login and parameters go. The user's driver is left by the caller.</summary>
    public void ResetParameters()
    {
        Parameters = new TransferParameters();
        SetTarget(null);
        Marker = null;
        Announced = null;
        RenameFrom = CopyFrom = null;
        IsEpsvAll = false;
        WorkingDirectory = FtpPath.Root;
        Facts = MlstFactNames.Default;
        HashAlgorithm = FtpHashAlgorithm.Sha256;
        Umask = Options.Features.Umask;
        IdleTimeout = Options.Limits.IdleTimeout;
    }
}
