using System.Net;
using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>
/// Failed logins of one user name over all addresses within <see cref="FtpLimitOptions.LoginWindow"/>. Beyond <see cref="FtpLimitOptions.MaxLoginFailuresPerUser"/> the logins of that name take turns, so that guesses
/// from thousands of addresses are as slow as those from one. An address from which the name has logged in before is exempt: a guesser slows strangers down and never locks the owner out.
/// </summary>
/// <remarks>
/// Each failure raises a level that falls by the limit in a window. With 100 failures in 10 minutes, the 101st guess and all that follow pass one every 6 seconds, until the level has fallen to half the limit.
/// Whether a name exists is not asked, so the delay does not tell. Names and addresses are kept as keyed hashes of 16 bytes, at most <see cref="FtpLimitOptions.MaxRememberedAddresses"/> of each.
/// </remarks>
internal sealed class UserThrottle(FtpLimitOptions limits, TimeProvider clock)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<UInt128, Entry> _failures = [];
    private readonly Lock _lock = new();
    private HashSet<UInt128> _known = [];
    private HashSet<UInt128> _knownBefore = [];

    /// <summary>How many names, and pairs of a name and an address, are remembered.</summary>
    public int Remembered
    {
        get
        {
            lock (_lock)
                return _failures.Count + _known.Count + _knownBefore.Count;
        }
    }

    private bool IsOff => limits.MaxLoginFailures == 0 || limits.MaxLoginFailuresPerUser == 0;

    /// <summary>The time between two turns of a name that has failed too often.</summary>
    private TimeSpan Pace => TimeSpan.FromTicks(Math.Min(limits.LoginWindow.Ticks / limits.MaxLoginFailuresPerUser, limits.MaxLoginDelay.Ticks));

    /// <summary>Takes a turn to have a password looked at.</summary>
    /// <returns>How long it is until then; null if more logins wait than <see cref="FtpLimitOptions.MaxLoginDelay"/> has room for.</returns>
    public TimeSpan? Admit(string user, IPNetwork? client)
    {
        if (IsOff)
            return TimeSpan.Zero;
        UInt128 name = HashOf(user, null);
        UInt128 pair = HashOf(user, client);
        lock (_lock)
        {
            if (!_failures.TryGetValue(name, out Entry? entry) || IsKnown(pair))
                return TimeSpan.Zero;
            double level = LevelNow(entry);
            if (entry.IsSlow && level <= limits.MaxLoginFailuresPerUser / 2.0)
                entry.IsSlow = false;
            if (!entry.IsSlow)
                return TimeSpan.Zero;
            DateTimeOffset now = clock.GetUtcNow();
            DateTimeOffset turn = entry.NextTurn > now ? entry.NextTurn : now;
            if (turn - now > limits.MaxLoginDelay)
                return null;
            entry.NextTurn = turn + Pace;
            return turn - now;
        }
    }

    /// <summary>Records a failed login.</summary>
    /// <returns>Whether this one made the name slow.</returns>
    public bool Fail(string user, IPNetwork? client)
    {
        if (IsOff)
            return false;
        UInt128 name = HashOf(user, null);
        UInt128 pair = HashOf(user, client);
        lock (_lock)
        {
            // A device of the owner's with a stale password must not slow strangers down for ever.
            if (IsKnown(pair))
                return false;
            if (!_failures.TryGetValue(name, out Entry? entry))
            {
                if (_failures.Count >= limits.MaxRememberedAddresses)
                    Forget();
                _failures[name] = entry = new Entry { At = clock.GetUtcNow() };
            }
            entry.Level = Math.Min(LevelNow(entry) + 1, limits.MaxLoginFailuresPerUser);
            entry.At = clock.GetUtcNow();
            bool wasSlow = entry.IsSlow;
            // The level falls a little between two failures, so that it may never be the limit itself.
            entry.IsSlow |= entry.Level > limits.MaxLoginFailuresPerUser - 1;
            return entry.IsSlow && !wasSlow;
        }
    }

    /// <summary>Records a login, and takes back the failures that its client made before it.</summary>
    public void Succeed(string user, IPNetwork? client, int failures)
    {
        if (IsOff)
            return;
        UInt128 name = HashOf(user, null);
        UInt128 pair = HashOf(user, client);
        lock (_lock)
        {
            if (!IsKnown(pair) && failures > 0 && _failures.TryGetValue(name, out Entry? entry))
                entry.Level = Math.Max(0, entry.Level - failures);
            if (_known.Count >= (limits.MaxRememberedAddresses + 1) / 2 && !_known.Contains(pair))
                (_knownBefore, _known) = (_known, []);
            _known.Add(pair);
        }
    }

    private bool IsKnown(UInt128 pair) => _known.Contains(pair) || _knownBefore.Contains(pair);

    private double LevelNow(Entry entry) => Math.Max(0, entry.Level - ((clock.GetUtcNow() - entry.At) / limits.LoginWindow * limits.MaxLoginFailuresPerUser));

    /// <summary>Drops the names that have not failed of late; if there are none, the half that has failed least.</summary>
    private void Forget()
    {
        foreach (UInt128 old in _failures.Where(pair => LevelNow(pair.Value) <= 0).Select(pair => pair.Key).ToList())
            _failures.Remove(old);
        if (_failures.Count < limits.MaxRememberedAddresses)
            return;
        foreach (UInt128 least in _failures.OrderBy(pair => LevelNow(pair.Value)).Take((_failures.Count / 2) + 1).Select(pair => pair.Key).ToList())
            _failures.Remove(least);
    }

    private UInt128 HashOf(string user, IPNetwork? client)
    {
        string text = client is { } network ? $"{user}\0{network}" : user;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, FtpText.Encode(text), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private sealed class Entry
    {
        public double Level { get; set; }

        /// <summary>When the level was that.</summary>
        public DateTimeOffset At { get; set; }

        public bool IsSlow { get; set; }

        public DateTimeOffset NextTurn { get; set; }
    }
}
