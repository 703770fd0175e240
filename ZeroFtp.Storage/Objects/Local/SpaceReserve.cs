using Microsoft.Extensions.Logging;
using ZeroFtp.Storage.Diagnostics;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// A file that reserves disk space for when the disk is full: deleting must still work then, and it needs a few pages of the database before it frees anything.
/// </summary>
/// <remarks>
/// Example with 8 MiB and a full disk: an upload that replaces a longer file gets the first 4 MiB, the database as much of the 8 as it needs. From then on
/// <see cref="IsOut"/> is true and nothing else is stored. Garbage collection frees space, and <see cref="Restore"/> fills the file again.
/// </remarks>
internal sealed class SpaceReserve(string path, long length, ILogger logger)
{
    private readonly Lock _lock = new();
    private long _left;
    private bool _isReported;

    /// <summary>True if part of the reserve is in use, which means that the disk is full.</summary>
    public bool IsOut => Volatile.Read(ref _left) < length;

    /// <summary>Releases half of the reserve to the disk. Only the database gets the second half.</summary>
    /// <returns>False if there is nothing left to release.</returns>
    public bool Release(bool forDatabase)
    {
        lock (_lock)
        {
            long left = _left > length / 2 ? length / 2 : 0;
            if (_left == 0 || (left == 0 && !forDatabase))
                return false;
            try
            {
                using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.SetLength(left);
                Volatile.Write(ref _left, left);
                Report();
                return true;
            }
            catch (Exception exception) when (IoFailure.IsExpected(exception))
            {
                return false;
            }
        }
    }

    /// <summary>Fills the file again if the disk has room for the missing part and a whole reserve more.</summary>
    /// <returns>True if the reserve is complete.</returns>
    public bool Restore()
    {
        if (!IsOut)
            return true;
        lock (_lock)
        {
            try
            {
                using FileStream file = new(path, Options());
                _left = Math.Min(file.Length, length);
                if (file.Length > length)
                    file.SetLength(length);
                if (_left < length && new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace >= length - _left + length)
                    Fill(file);
            }
            catch (Exception exception) when (IoFailure.IsExpected(exception))
            {
                // The disk is full: what is left of the reserve has to do.
            }
            Report();
            return !IsOut;
        }
    }

    private void Report()
    {
        if (IsOut == _isReported)
            return;
        _isReported = IsOut;
        if (_isReported)
            logger.DiskFull(Path.GetDirectoryName(path));
        else
            logger.DiskHasRoom(Path.GetDirectoryName(path));
    }

    private static FileStreamOptions Options()
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Writes random bytes, because a compressing file system would reserve no space for zeros.</summary>
    private void Fill(FileStream file)
    {
        byte[] bytes = new byte[64 << 10];
        Random.Shared.NextBytes(bytes);
        file.Position = _left;
        while (_left < length)
        {
            int count = (int)Math.Min(bytes.Length, length - _left);
            file.Write(bytes, 0, count);
            Volatile.Write(ref _left, _left + count);
        }
    }
}
