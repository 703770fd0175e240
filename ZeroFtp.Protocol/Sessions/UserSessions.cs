using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>The sessions of each user: how many there are, and the rates that they share.</summary>
internal sealed class UserSessions
{
    private readonly Dictionary<string, Entry> _users = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    private sealed class Entry
    {
        public int Count { get; set; }

        public RateLimiter? Download { get; set; }

        public RateLimiter? Upload { get; set; }
    }

    /// <summary>Counts a session in; false if the user has as many as allowed.</summary>
    public bool TryEnter(string user, UserLimits limits, TimeProvider clock, out RateLimiter? download, out RateLimiter? upload)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(user, out Entry? entry))
                entry = new Entry();
            download = upload = null;
            if (limits.MaxSessions is { } most && entry.Count >= most)
                return false;
            entry.Count++;
            _users[user] = entry;
            entry.Download = Renew(entry.Download, limits.DownloadBytesPerSecond, clock);
            entry.Upload = Renew(entry.Upload, limits.UploadBytesPerSecond, clock);
            download = entry.Download;
            upload = entry.Upload;
            return true;
        }
    }

    public void Leave(string user)
    {
        lock (_lock)
        {
            if (_users.TryGetValue(user, out Entry? entry) && --entry.Count <= 0)
                _users.Remove(user);
        }
    }

    private static RateLimiter? Renew(RateLimiter? old, long? rate, TimeProvider clock) =>
        rate is not > 0 ? null : old is not null && old.BytesPerSecond == rate ? old : new RateLimiter(rate.Value, clock);
}
