namespace ZeroFtp.Storage.Metadata;

/// <summary>Converts the store's times: microseconds since 1970-01-01 UTC, signed.</summary>
internal static class MetadataTime
{
    /// <summary>Returns the current time.</summary>
    public static long Now(TimeProvider clock) => FromUtc(clock.GetUtcNow().UtcDateTime);

    /// <summary>Converts a UTC time; fractions of a microsecond are cut off.</summary>
    public static long FromUtc(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Converts to a UTC time. A time outside .NET's range becomes the nearest one within it.</summary>
    public static DateTime ToUtc(long microseconds)
    {
        const long Least = -62135596800000000;
        const long Most = 253402300799999999;
        return new DateTime((Math.Clamp(microseconds, Least, Most) * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc);
    }
}
