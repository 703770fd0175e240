namespace ZeroFtp.Protocol.Data;

/// <summary>Counts the bytes of one data connection, records the last activity and enforces the rates.</summary>
internal sealed class TransferMeter(TimeProvider clock, RateLimiter?[] limiters, ByteTally? tally = null)
{
    private long _bytes;
    private long _lastActivity = clock.GetTimestamp();

    /// <summary>Bytes transferred so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Time since the last activity.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref _lastActivity));

    public bool IsLimited => limiters.Length > 0;

    /// <summary>Counts transferred bytes and waits as long as the rates require.</summary>
    public ValueTask CountAsync(long octets, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _bytes, _bytes + octets);
        tally?.Add(octets);
        Touch();
        return limiters.Length == 0 ? ValueTask.CompletedTask : DelayAsync(octets, cancellationToken);
    }

    /// <summary>Records activity without transferred bytes, for example a handshake.</summary>
    public void Touch() => Volatile.Write(ref _lastActivity, clock.GetTimestamp());

    private async ValueTask DelayAsync(long octets, CancellationToken cancellationToken)
    {
        TimeSpan longest = TimeSpan.Zero;
        foreach (RateLimiter? limiter in limiters)
        {
            if (limiter?.Take(octets) is { } delay && delay > longest)
                longest = delay;
        }
        // Split long waits so that they do not look like a stall.
        while (longest > TimeSpan.Zero)
        {
            TimeSpan step = longest > TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : longest;
            await Task.Delay(step, clock, cancellationToken).ConfigureAwait(false);
            longest -= step;
            Touch();
        }
    }
}
