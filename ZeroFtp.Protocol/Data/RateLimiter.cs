namespace ZeroFtp.Protocol.Data;

/// <summary>A rate in bytes per second, shared by any number of transfers. The burst is a quarter of a second's worth.</summary>
internal sealed class RateLimiter(long bytesPerSecond, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _freeAt = clock.GetTimestamp();

    public long BytesPerSecond => bytesPerSecond;

    /// <summary>Records transferred bytes and returns the delay before the next ones.</summary>
    public TimeSpan Take(long octets)
    {
        long frequency = clock.TimestampFrequency;
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            long burst = frequency / 4;
            _freeAt = Math.Max(_freeAt, now - burst) + (long)(octets * (double)frequency / bytesPerSecond);
            return _freeAt <= now ? TimeSpan.Zero : TimeSpan.FromSeconds((_freeAt - now) / (double)frequency);
        }
    }
}
