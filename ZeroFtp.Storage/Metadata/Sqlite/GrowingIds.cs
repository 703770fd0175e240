namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>Ids that grow with time, so that new rows go to the end of each index: milliseconds since 1970 in the upper 42 bits, then a random start, then a count. Good until 2109.</summary>
/// <param name="clock">The clock.</param>
/// <param name="floor">The largest id in use: a clock that was set back gives none twice.</param>
internal sealed class GrowingIds(TimeProvider clock, long floor)
{
    private const int LowBits = 21;

    private readonly Lock _lock = new();

    private long _last = floor;

    /// <summary>The first of <paramref name="count"/> ids in a row, aligned to their number, which is a power of two.</summary>
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
