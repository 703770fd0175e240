namespace ZeroFtp.Protocol.Data;

/// <summary>A rate in octets a second that any number of transfers share. A quarter of a second's worth may go at once.</summary>
internal sealed class RateLimiter(long bytesPerSecond, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _freeAt = clock.GetTimestamp();

    public long BytesPerSecond => bytesPerSecond;

    /// <summary>Books octets that have gone and says how long to wait before the next ones.</summary>
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
