using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>A login to a stored account while its session is open. Disposing it ends the watch.</summary>
internal sealed class WatchedLogin(AccountWatch watch, AccountRow row, FtpSessionInfo session, bool byCertificate) : IDisposable
{
    private readonly CancellationTokenSource _revoked = new();
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>
    /// The account as it was when the session was last allowed to continue. The session itself keeps the rights it had at its login, which are never more.
    /// </summary>
    public AccountRow Row { get; set; } = row;

    public FtpSessionInfo Session => session;

    public bool ByCertificate => byCertificate;

    /// <summary>Cancelled when the login is no longer valid.</summary>
    public CancellationToken Revoked { get; private set; }

    public WatchedLogin Begin()
    {
        Revoked = _revoked.Token;
        watch.Add(this);
        return this;
    }

    /// <summary>Ends the session without waiting for it. Returns false if it is already over.</summary>
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
        // Do not dispose the source: another thread may be revoking, and a source without a timer holds no resources.
    }
}
