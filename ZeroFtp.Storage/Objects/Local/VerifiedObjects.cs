using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// Remembers which objects were verified against their hash. An entry is valid until the object's file is written or leaves memory: content that is read from
/// the disk again may have rotted there.
/// </summary>
internal sealed class VerifiedObjects
{
    /// <summary>About 10 MiB. Beyond that all entries are dropped, and objects are verified again one by one.</summary>
    private const int Capacity = 65_536;

    private readonly ConcurrentDictionary<string, long> _written = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Returns when the file was last written. Call it before verifying the file.</summary>
    public static long WrittenAt(SafeFileHandle file) => File.GetLastWriteTimeUtc(file).Ticks;

    public bool Holds(StoredObject stored, SafeFileHandle file) =>
        _written.TryGetValue(stored.Reference, out long writtenAt) && writtenAt == WrittenAt(file) && PageCache.Holds(file, stored.Length);

    public void Add(string reference, long writtenAt)
    {
        if (!_written.TryAdd(reference, writtenAt))
        {
            _written[reference] = writtenAt;
        }
        else if (Interlocked.Increment(ref _count) > Capacity)
        {
            Interlocked.Exchange(ref _count, 0);
            _written.Clear();
        }
    }

    public void Remove(string reference)
    {
        if (_written.TryRemove(reference, out _))
            Interlocked.Decrement(ref _count);
    }
}
