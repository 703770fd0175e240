namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// A lower bound of the database's clock: the last time it reported, plus the time that has passed since on a monotonic clock. It lags by the latency of an
/// answer, and by the time that the machine was suspended, but is never ahead. A download that starts now therefore never appears to have started after content
/// that becomes garbage later.
/// </summary>
internal sealed class DatabaseClock(TimeProvider clock)
{
    private Reading? _last;

    /// <summary>Starts with this machine's time, until the database has reported its own.</summary>
    public long Now => Volatile.Read(ref _last) is { } last ? last.Time + (clock.GetElapsedTime(last.Timestamp).Ticks / TimeSpan.TicksPerMicrosecond) : MetadataTime.Now(clock);

    /// <summary>Records a time that the database has just reported.</summary>
    public void Set(long time) => Volatile.Write(ref _last, new Reading(time, clock.GetTimestamp()));

    private sealed record Reading(long Time, long Timestamp);
}
