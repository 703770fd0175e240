using System.Net;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>The passwords that are being judged, by client. When a client is barred, those of its others are given up: nobody would be told their result, and their hashing would keep others waiting.</summary>
internal sealed class PendingLogins
{
    private readonly Dictionary<IPNetwork, HashSet<LoginAttempt>> _attempts = [];
    private readonly Lock _lock = new();

    public void Add(IPNetwork client, LoginAttempt attempt)
    {
        lock (_lock)
        {
            if (!_attempts.TryGetValue(client, out HashSet<LoginAttempt>? own))
                _attempts[client] = own = [];
            own.Add(attempt);
        }
    }

    public void Remove(IPNetwork client, LoginAttempt attempt)
    {
        lock (_lock)
        {
            if (_attempts.TryGetValue(client, out HashSet<LoginAttempt>? own) && own.Remove(attempt) && own.Count == 0)
                _attempts.Remove(client);
        }
    }

    public void GiveUp(IPNetwork client)
    {
        LoginAttempt[] own;
        lock (_lock)
            own = _attempts.TryGetValue(client, out HashSet<LoginAttempt>? found) ? [.. found] : [];
        foreach (LoginAttempt attempt in own)
            attempt.GiveUp();
    }
}

/// <summary>One password that is being judged. It is given up when its client is barred or gone.</summary>
internal sealed class LoginAttempt : IDisposable
{
    private readonly FtpSession _session;
    private readonly CancellationTokenSource _end;
    private readonly Lock _lock = new();
    private bool _isOver;

    public LoginAttempt(FtpSession session, CancellationToken cancellationToken)
    {
        _session = session;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        session.Login.Attempt = this;
        if (session.ClientNetwork is { } client)
            session.Context.PendingLogins.Add(client, this);
    }

    public CancellationToken Token => _end.Token;

    public bool IsGivenUp { get; private set; }

    /// <summary>May be called from any thread, repeatedly.</summary>
    public void GiveUp()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            IsGivenUp = true;
        }
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended in between.
        }
    }

    public void Dispose()
    {
        _session.Login.Attempt = null;
        if (_session.ClientNetwork is { } client)
            _session.Context.PendingLogins.Remove(client, this);
        lock (_lock)
            _isOver = true;
        _end.Dispose();
    }
}
