using System.Net;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>Failed logins by client (see <see cref="Driver.FtpSessionInfo.ClientNetwork"/>) within the last <see cref="FtpLimitOptions.LoginWindow"/>, for a delay that grows and a bar after too many (RFC 2577 section 5).</summary>
internal sealed class LoginThrottle(FtpLimitOptions limits, TimeProvider clock)
{
    private const int MostDoublings = 16;

    /// <summary>When the failed logins of each address were, the oldest first; never an empty list.</summary>
    private readonly Dictionary<IPNetwork, List<DateTimeOffset>> _failures = [];
    private readonly Lock _lock = new();

    private bool IsOff => limits.MaxLoginFailures == 0;

    /// <summary>Whether the address has failed too often of late.</summary>
    public bool IsBarred(IPNetwork? client)
    {
        if (IsOff || client is not { } key || limits.MaxLoginFailuresPerAddress == 0)
            return false;
        lock (_lock)
            return Recent(key) >= limits.MaxLoginFailuresPerAddress;
    }

    /// <summary>Records a failed login and says how long its answer is to be held back.</summary>
    public TimeSpan Fail(IPNetwork? client)
    {
        if (IsOff)
            return TimeSpan.Zero;
        int failures = 1;
        if (client is { } key)
        {
            lock (_lock)
            {
                failures = Recent(key) + 1;
                if (!_failures.TryGetValue(key, out List<DateTimeOffset>? times))
                {
                    if (_failures.Count >= limits.MaxRememberedAddresses)
                        Forget();
                    _failures[key] = times = new(1);
                }
                // More would change nothing.
                if (times.Count == Math.Max(limits.MaxLoginFailuresPerAddress, MostDoublings))
                    times.RemoveAt(0);
                times.Add(clock.GetUtcNow());
            }
        }
        double seconds = limits.LoginDelay.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
        return TimeSpan.FromSeconds(Math.Min(seconds, limits.MaxLoginDelay.TotalSeconds));
    }

    /// <summary>Takes failed logins back, the latest first.</summary>
    public void Forgive(IPNetwork? client, int failures)
    {
        if (client is not { } key)
            return;
        lock (_lock)
        {
            if (!_failures.TryGetValue(key, out List<DateTimeOffset>? times))
                return;
            times.RemoveRange(Math.Max(0, times.Count - failures), Math.Min(failures, times.Count));
            if (times.Count == 0)
                _failures.Remove(key);
        }
    }

    private int Recent(IPNetwork key)
    {
        if (!_failures.TryGetValue(key, out List<DateTimeOffset>? times))
            return 0;
        DateTimeOffset now = clock.GetUtcNow();
        int old = 0;
        while (old < times.Count && now - times[old] > limits.LoginWindow)
            old++;
        times.RemoveRange(0, old);
        return times.Count;
    }

    /// <summary>Drops what is out of date; if nothing is, the oldest half.</summary>
    private void Forget()
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach (IPNetwork old in _failures.Where(pair => now - pair.Value[^1] > limits.LoginWindow).Select(pair => pair.Key).ToList())
            _failures.Remove(old);
        if (_failures.Count < limits.MaxRememberedAddresses)
            return;
        foreach (IPNetwork old in _failures.OrderBy(pair => pair.Value[^1]).Take((_failures.Count / 2) + 1).Select(pair => pair.Key).ToList())
            _failures.Remove(old);
    }
}
