using System.Net;
using ZeroFtp.Protocol.Data;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>Failed logins by address, for a delay that grows and a bar after too many (RFC 2577 section 5).</summary>
internal sealed class LoginThrottle(FtpLimitOptions limits, TimeProvider clock)
{
    private readonly Dictionary<IPAddress, (int Failures, DateTimeOffset Last)> _failures = [];
    private readonly Lock _lock = new();

    private bool IsOff => limits.MaxLoginFailures == 0;

    /// <summary>Whether the address has failed too often of late.</summary>
    public bool IsBarred(IPAddress? address)
    {
        if (IsOff || address is null || limits.MaxLoginFailuresPerAddress == 0)
            return false;
        lock (_lock)
            return Recent(Addresses.Plain(address)) >= limits.MaxLoginFailuresPerAddress;
    }

    /// <summary>Records a failed login and says how long its answer is to be held back.</summary>
    public TimeSpan Fail(IPAddress? address)
    {
        if (IsOff)
            return TimeSpan.Zero;
        int failures = 1;
        if (address is not null)
        {
            IPAddress key = Addresses.Plain(address);
            lock (_lock)
            {
                failures = Recent(key) + 1;
                if (_failures.Count >= limits.MaxRememberedAddresses && !_failures.ContainsKey(key))
                    Forget();
                _failures[key] = (failures, clock.GetUtcNow());
            }
        }
        double seconds = limits.LoginDelay.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 16));
        return TimeSpan.FromSeconds(Math.Min(seconds, limits.MaxLoginDelay.TotalSeconds));
    }

    public void Succeed(IPAddress? address)
    {
        if (address is null || IsOff)
            return;
        lock (_lock)
            _failures.Remove(Addresses.Plain(address));
    }

    private int Recent(IPAddress key) =>
        _failures.TryGetValue(key, out (int Failures, DateTimeOffset Last) entry) && clock.GetUtcNow() - entry.Last <= limits.LoginWindow ? entry.Failures : 0;

    /// <summary>Drops what is out of date; if nothing is, the oldest half.</summary>
    private void Forget()
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach (IPAddress old in _failures.Where(pair => now - pair.Value.Last > limits.LoginWindow).Select(pair => pair.Key).ToList())
            _failures.Remove(old);
        if (_failures.Count < limits.MaxRememberedAddresses)
            return;
        foreach (IPAddress old in _failures.OrderBy(pair => pair.Value.Last).Take((_failures.Count / 2) + 1).Select(pair => pair.Key).ToList())
            _failures.Remove(old);
    }
}
