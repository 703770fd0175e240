using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// Keeps a minimum of free space on the file system of the data directory. Queries the file system at most four times a second and counts written bytes against
/// the last answer in between, so that fast writers cannot go below the minimum.
/// </summary>
internal sealed class FreeSpaceGuard(string directory, long floorBytes, TimeProvider timeProvider, Func<long>? available = null)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);
    private readonly Func<long> _available = available ?? (() => new DriveInfo(directory).AvailableFreeSpace);
    private readonly Lock _lock = new();

    /// <summary>The space reserved for deletions; null reserves none. While it is in use, nothing may be stored.</summary>
    public SpaceReserve? Reserve { get; init; }

    private long _askedAt;
    private long _remaining = -1;

    /// <summary>The number of bytes that may still be written.</summary>
    /// <exception cref="FtpDriverException">Unavailable: the directory is gone, or its file system does not respond.</exception>
    public long AvailableBytes
    {
        get
        {
            Refresh(0);
            if (Reserve is { IsOut: true })
                return 0;
            return Math.Max(0, Interlocked.Read(ref _remaining));
        }
    }

    /// <summary>Claims free bytes just before they are written. There is nothing to give back: the file system is queried again soon.</summary>
    /// <exception cref="FtpDriverException">
    /// InsufficientStorage: less than the minimum would remain free. Unavailable: the file system does not respond.
    /// </exception>
    public void Take(long bytes)
    {
        if (Reserve is { IsOut: true })
            throw new FtpDriverException(FtpError.InsufficientStorage, "The disk is full.");
        if (floorBytes == 0)
            return;
        Refresh(bytes);
        if (Interlocked.Add(ref _remaining, -bytes) >= 0)
            return;
        Interlocked.Add(ref _remaining, bytes);
        throw new FtpDriverException(FtpError.InsufficientStorage, "The floor of free space is reached.");
    }

    private void Refresh(long needed)
    {
        if (timeProvider.GetElapsedTime(Interlocked.Read(ref _askedAt)) < MaxAge && Interlocked.Read(ref _remaining) >= needed)
            return;
        lock (_lock)
        {
            long remaining = Interlocked.Read(ref _remaining);
            if (remaining >= 0 && remaining >= needed && timeProvider.GetElapsedTime(_askedAt) < MaxAge)
                return;
            Interlocked.Exchange(ref _remaining, Ask() - floorBytes);
            Interlocked.Exchange(ref _askedAt, timeProvider.GetTimestamp());
        }
    }

    private long Ask()
    {
        try
        {
            return _available();
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
    }
}
