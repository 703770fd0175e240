namespace ZeroFtp.Protocol.Data;

/// <summary>Counts what goes over one data connection, remembers when anything last did, and holds it to its rates.</summary>
internal sealed class TransferMeter(TimeProvider clock, RateLimiter?[] limiters)
{
    private long _bytes;
    private long _lastActivity = clock.GetTimestamp();

    /// <summary>Octets so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How long nothing has moved.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref _lastActivity));

    public bool IsLimited => limiters.Length > 0;

    /// <summary>Counts octets that went through and waits as long as the rates demand.</summary>
    public ValueTask CountAsync(long octets, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _bytes, _bytes + octets);
        Touch();
        return limiters.Length == 0 ? ValueTask.CompletedTask : DelayAsync(octets, cancellationToken);
    }

    /// <summary>Something went on although no octet moved, for example a handshake.</summary>
    public void Touch() => Volatile.Write(ref _lastActivity, clock.GetTimestamp());

    private async ValueTask DelayAsync(long octets, CancellationToken cancellationToken)
    {
        TimeSpan longest = TimeSpan.Zero;
        foreach (RateLimiter? limiter in limiters)
        {
            if (limiter?.Take(octets) is { } delay && delay > longest)
                longest = delay;
        }
        // Long waits are cut up so that they do not look like a stall.
        while (longest > TimeSpan.Zero)
        {
            TimeSpan step = longest > TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : longest;
            await Task.Delay(step, clock, cancellationToken).ConfigureAwait(false);
            longest -= step;
            Touch();
        }
    }
}
