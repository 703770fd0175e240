namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// What the database's clock says at least: the last time it told, at the moment its answer arrived, and what has passed since on a clock that nobody sets. It lags behind by the way of an answer, and by as
/// long as the machine slept; it is never ahead. So a download that begins now never seems to have begun after content that goes later.
/// </summary>
internal sealed class DatabaseClock(TimeProvider clock)
{
    private Reading? _last;

    /// <summary>Until the database has told its time, that of this machine.</summary>
    public long Now => Volatile.Read(ref _last) is { } last ? last.Time + (clock.GetElapsedTime(last.Timestamp).Ticks / TimeSpan.TicksPerMicrosecond) : MetadataTime.Now(clock);

    /// <summary>The database has just told its time.</summary>
    public void Set(long time) => Volatile.Write(ref _last, new Reading(time, clock.GetTimestamp()));

    private sealed record Reading(long Time, long Timestamp);
}
