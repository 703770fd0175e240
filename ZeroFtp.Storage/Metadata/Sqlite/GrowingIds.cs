namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>
/// Generates ids that grow with time, so that new rows go to the end of each index: milliseconds since 1970 in the upper 42 bits, then a random start, then a
/// count. Lasts until 2109.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="floor">The largest id in use. No id is generated twice, even if the clock is set back.</param>
internal sealed class GrowingIds(TimeProvider clock, long floor)
{
    private const int LowBits = 21;

    private readonly Lock _lock = new();

    private long _last = floor;

    /// <summary>Returns the first of <paramref name="count"/> consecutive ids, aligned to the count, which is a power of two.</summary>
    public long Take(int count)
    {
        long fresh = (clock.GetUtcNow().ToUnixTimeMilliseconds() << LowBits) + Random.Shared.Next(1 << (LowBits - 1));
        lock (_lock)
        {
            long first = (Math.Max(_last + 1, fresh >> LowBits > _last >> LowBits ? fresh : 0) + count - 1) & ~(long)(count - 1);
            _last = first + count - 1;
            return first;
        }
    }
}
