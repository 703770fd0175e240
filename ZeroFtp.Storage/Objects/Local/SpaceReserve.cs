using Microsoft.Extensions.Logging;
using ZeroFtp.Storage.Diagnostics;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// A file that keeps some room of the disk for the time when there is no other: deleting must work then, and it takes a few pages of the database before it gives anything back.
/// </summary>
/// <remarks>
/// With 8 MiB and a full disk: an upload that replaces a longer file gets the first 4 MiB, the database as much of the 8 as it needs. From then on <see cref="IsOut"/>, and nothing else is stored. What was deleted is
/// collected, the disk has room again, and <see cref="Restore"/> makes the file whole.
/// </remarks>
internal sealed class SpaceReserve(string path, long length, ILogger logger)
{
    private readonly Lock _lock = new();
    private long _left;
    private bool _isTold;

    /// <summary>Whether a part of it is in use, so that the disk is full.</summary>
    public bool IsOut => Volatile.Read(ref _left) < length;

    /// <summary>Gives a half of it to the disk; the second half only to the database.</summary>
    /// <returns>False if there is nothing left to give.</returns>
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
                Tell();
                return true;
            }
            catch (Exception exception) when (IoFailure.IsExpected(exception))
            {
                return false;
            }
        }
    }

    /// <summary>Makes the file whole, if it is not and the disk has room for that and for as much again.</summary>
    /// <returns>Whether it is whole now.</returns>
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
                // The disk is full: what there is has to do.
            }
            Tell();
            return !IsOut;
        }
    }

    private void Tell()
    {
        if (IsOut == _isTold)
            return;
        _isTold = IsOut;
        if (_isTold)
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

    /// <summary>Random bytes, since a file system that compresses would keep no room for zeroes.</summary>
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
