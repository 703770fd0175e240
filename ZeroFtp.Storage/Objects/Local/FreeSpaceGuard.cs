using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// Keeps a floor of free space on the file system of the data directory. The file system is asked at most four times a second; in between, what was written is counted against the last answer, so that
/// fast writers cannot slip below the floor.
/// </summary>
internal sealed class FreeSpaceGuard(string directory, long floorBytes, TimeProvider timeProvider, Func<long>? available = null)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);
    private readonly Func<long> _available = available ?? (() => new DriveInfo(directory).AvailableFreeSpace);
    private readonly Lock _lock = new();

    /// <summary>The room that is kept for deletions; null keeps none. While it is in use nothing may be stored.</summary>
    public SpaceReserve? Reserve { get; init; }

    private long _askedAt;
    private long _remaining = -1;

    /// <summary>Octets that may still be written.</summary>
    /// <exception cref="FtpDriverException">Unavailable: the directory is gone, or its file system does not answer.</exception>
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

    /// <summary>Takes so many octets from what is free, just before they are written. Nothing need be given back: the file system is asked again soon.</summary>
    /// <exception cref="FtpDriverException">InsufficientStorage: afterwards less than the floor would be free. Unavailable: nobody can tell.</exception>
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
