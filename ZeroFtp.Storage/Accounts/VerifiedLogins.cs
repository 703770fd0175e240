using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// Remembers recently verified passwords, so that a client that logs in for each file does not cost a hashing each time. Stores only a MAC under a key that
/// this process alone has and never writes anywhere. An account's entry becomes invalid as soon as its stored hash changes.
/// </summary>
/// <remarks>Two generations of entries bound the memory: when the younger one reaches half of the limit, it replaces the older one.</remarks>
internal sealed class VerifiedLogins(PasswordOptions options, TimeProvider timeProvider)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();
    private Dictionary<string, Entry> _young = new(StringComparer.Ordinal);
    private Dictionary<string, Entry> _old = new(StringComparer.Ordinal);

    /// <summary>True if this password was verified against this hash recently.</summary>
    public bool Contains(string account, string hash, string password)
    {
        if (options.RememberFor == TimeSpan.Zero)
            return false;
        Entry? entry;
        lock (_lock)
        {
            if (!_young.TryGetValue(account, out entry) && !_old.TryGetValue(account, out entry))
                return false;
        }
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        MakeCode(account, hash, password, code);
        return timeProvider.GetElapsedTime(entry.At) < options.RememberFor && CryptographicOperations.FixedTimeEquals(code, entry.Code);
    }

    /// <summary>Records that this password has just been verified against this hash.</summary>
    public void Add(string account, string hash, string password)
    {
        if (options.RememberFor == TimeSpan.Zero || options.RememberAtMost == 0)
            return;
        byte[] code = new byte[HMACSHA256.HashSizeInBytes];
        MakeCode(account, hash, password, code);
        lock (_lock)
        {
            if (_young.Count >= (options.RememberAtMost + 1) / 2 && !_young.ContainsKey(account))
                (_old, _young) = (_young, new Dictionary<string, Entry>(StringComparer.Ordinal));
            _young[account] = new Entry(timeProvider.GetTimestamp(), code);
        }
    }

    private void MakeCode(string account, string hash, string password, Span<byte> code)
    {
        int length = FtpText.GetByteCount(account) + FtpText.GetByteCount(hash) + FtpText.GetByteCount(password) + 2;
        Span<byte> text = length <= 1_024 ? stackalloc byte[length] : new byte[length];
        int end = FtpText.Encode(account, text);
        text[end++] = 0;
        end += FtpText.Encode(hash, text[end..]);
        text[end++] = 0;
        end += FtpText.Encode(password, text[end..]);
        HMACSHA256.HashData(_key, text[..end], code);
        text.Clear();
    }

    private sealed record Entry(long At, byte[] Code);
}
