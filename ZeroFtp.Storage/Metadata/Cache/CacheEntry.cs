namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>What the cache knows of one directory: its content at a version, or only that somebody is reading it.</summary>
/// <remarks>
/// Changes of this process may arrive in another order than the store applied them. A change whose version is not the next one waits until the gap is closed.
/// Meanwhile the content is hidden, because it may lack a change that was already acknowledged. Example: the content is at version 7 and the change to version
/// 9 arrives. <see cref="Directory"/> returns null and lookups go to the store. When the change to version 8 arrives, both are applied and the content is
/// visible again, at version 9. If the change to version 8 was another process's, it never arrives: <see cref="Verify"/> or <see cref="Install"/> resolves
/// that, or the content is dropped when more than 64 changes wait.
/// </remarks>
internal sealed class CacheEntry
{
    private const int MaxWaiting = 64;

    private readonly Lock _lock = new();

    private SortedList<long, Func<CachedDirectory, CachedDirectory>>? _waiting;
    private CachedDirectory? _directory;
    private long _seen;
    private int _lookups;
    private bool _isRemoved;

    /// <summary>When the entry was last requested.</summary>
    public long LastUsed { get; set; }

    /// <summary>When its version was last known to be the store's.</summary>
    public long VerifiedAt { get; set; }

    /// <summary>The directory's own row, with the generation of facts and the time at which it was read; null if it was not read.</summary>
    public OwnRow? Self { get; set; }

    /// <summary>True if the directory is too large to load for a lookup.</summary>
    public bool IsLarge { get; set; }

    /// <summary>The memory that is accounted for the entry.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _directory?.Bytes ?? 0;
        }
    }

    /// <summary>The directory if its content is complete, otherwise null.</summary>
    public CachedDirectory? Directory
    {
        get
        {
            lock (_lock)
                return _waiting is { Count: > 0 } ? null : _directory;
        }
    }

    /// <summary>
    /// True if the content is known except for changes that are about to arrive. Until then, asking the store is cheaper than loading the directory again.
    /// </summary>
    public bool IsCatchingUp
    {
        get
        {
            lock (_lock)
                return _directory is not null && _waiting is { Count: > 0 };
        }
    }

    /// <summary>Counts a lookup that the cache could not answer, and returns the count.</summary>
    public int CountLookup() => Interlocked.Increment(ref _lookups);

    /// <summary>Installs loaded content, unless a later version has been seen since.</summary>
    /// <returns>The growth of the memory, in bytes.</returns>
    public long Install(CachedDirectory loaded)
    {
        lock (_lock)
        {
            if (_isRemoved || loaded.Version < _seen || loaded.Version <= (_directory?.Version ?? -1))
                return 0;
            long before = _directory?.Bytes ?? 0;
            _directory = loaded;
            _seen = loaded.Version;
            CatchUp();
            return (_directory?.Bytes ?? 0) - before;
        }
    }

    /// <summary>Applies a change that took the directory to the given version. Version 0 means unknown and drops the content.</summary>
    /// <returns>The growth of the memory, in bytes.</returns>
    public long Apply(long version, Func<CachedDirectory, CachedDirectory> change)
    {
        lock (_lock)
        {
            long before = _directory?.Bytes ?? 0;
            if (version == 0)
            {
                Drop();
                return -before;
            }
            _seen = Math.Max(_seen, version);
            if (_directory is null || version <= _directory.Version)
                return 0;
            _waiting ??= [];
            _waiting[version] = change;
            CatchUp();
            if (_waiting.Count > MaxWaiting)
                Drop();
            return (_directory?.Bytes ?? 0) - before;
        }
    }

    /// <summary>Drops the content for good. The entry has left the cache, so memory of content installed into it later would never be subtracted.</summary>
    /// <returns>The growth of the memory, in bytes.</returns>
    public long Remove()
    {
        lock (_lock)
        {
            _isRemoved = true;
            long before = _directory?.Bytes ?? 0;
            Drop();
            return -before;
        }
    }

    /// <summary>Drops the content if it is not at the given version.</summary>
    /// <returns>The growth of the memory, in bytes.</returns>
    public long Verify(long? version, long now)
    {
        lock (_lock)
        {
            if (_directory is not null && _directory.Version == version)
            {
                VerifiedAt = now;
                return 0;
            }
            long before = _directory?.Bytes ?? 0;
            Drop();
            return -before;
        }
    }

    private void CatchUp()
    {
        while (_directory is not null && _waiting is { Count: > 0 })
        {
            long first = _waiting.Keys[0];
            if (first > _directory.Version + 1)
                return;
            if (first == _directory.Version + 1)
                _directory = _waiting.Values[0](_directory);
            _waiting.RemoveAt(0);
        }
    }

    private void Drop()
    {
        _directory = null;
        _waiting = null;
    }

    /// <summary>A directory's own row.</summary>
    internal sealed record OwnRow(FileRow Row, long Generation, long ReadAt);
}
