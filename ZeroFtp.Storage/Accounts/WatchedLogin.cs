using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>A login to a stored account while its session is open. Disposing it ends the watch.</summary>
internal sealed class WatchedLogin(AccountWatch watch, AccountRow row, FtpSessionInfo session, bool byCertificate) : IDisposable
{
    private readonly CancellationTokenSource _revoked = new();
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>The account as the session was last allowed to go on with it. The session itself keeps what it had at the login, which is never more.</summary>
    public AccountRow Row { get; set; } = row;

    public FtpSessionInfo Session => session;

    public bool ByCertificate => byCertificate;

    /// <summary>Cancelled when the login holds no longer.</summary>
    public CancellationToken Revoked { get; private set; }

    public WatchedLogin Begin()
    {
        Revoked = _revoked.Token;
        watch.Add(this);
        return this;
    }

    /// <summary>Ends the session, without waiting for it; false if it has left.</summary>
    public bool Revoke()
    {
        lock (_lock)
        {
            if (_isOver)
                return false;
            _isOver = true;
        }
        watch.Remove(this);
        _revoked.Cancel();
        return true;
    }

    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
        watch.Remove(this);
        // Not the source: a revocation may be on its way on another thread, and a source without a timer holds nothing.
    }
}
