namespace ZeroFtp.Storage.Metadata;

/// <summary>Times as the store keeps them: microseconds since 1970-01-01 UTC, signed.</summary>
internal static class MetadataTime
{
    /// <summary>The time now.</summary>
    public static long Now(TimeProvider clock) => FromUtc(clock.GetUtcNow().UtcDateTime);

    /// <summary>From a UTC time; finer parts are cut off.</summary>
    public static long FromUtc(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>To a UTC time; what .NET cannot name becomes the nearest it can.</summary>
    public static DateTime ToUtc(long microseconds)
    {
        const long Least = -62135596800000000;
        const long Most = 253402300799999999;
        return new DateTime((Math.Clamp(microseconds, Least, Most) * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc);
    }
}
