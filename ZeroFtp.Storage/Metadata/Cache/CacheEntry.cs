namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>
/// What the cache knows of one directory: its content at a version, or only that it is being looked at. Changes whose versions come out of order wait until the gap is closed; meanwhile the content is not
/// shown, because it may lack what was acknowledged already.
/// </summary>
internal sealed class CacheEntry
{
    private const int MaxWaiting = 64;

    private readonly Lock _lock = new();

    private SortedList<long, Func<CachedDirectory, CachedDirectory>>? _waiting;
    private CachedDirectory? _directory;
    private long _seen;
    private int _lookups;
    private bool _isRemoved;

    /// <summary>When it was last asked for.</summary>
    public long LastUsed { get; set; }

    /// <summary>When its version was last known to be the store's.</summary>
    public long VerifiedAt { get; set; }

    /// <summary>The directory's own row with the generation of facts and the time it was read at; null if it was not.</summary>
    public OwnRow? Self { get; set; }

    /// <summary>Whether it is too large to be loaded for a lookup.</summary>
    public bool IsLarge { get; set; }

    /// <summary>The memory that is counted for it.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _directory?.Bytes ?? 0;
        }
    }

    /// <summary>The directory, if all of it is known.</summary>
    public CachedDirectory? Directory
    {
        get
        {
            lock (_lock)
                return _waiting is { Count: > 0 } ? null : _directory;
        }
    }

    /// <summary>Whether the content is known but for changes that are about to come: reading it anew would be dearer than to ask the store meanwhile.</summary>
    public bool IsCatchingUp
    {
        get
        {
            lock (_lock)
                return _directory is not null && _waiting is { Count: > 0 };
        }
    }

    /// <summary>Counts a lookup that the cache could not answer.</summary>
    public int CountLookup() => Interlocked.Increment(ref _lookups);

    /// <summary>Takes what was loaded, unless a later version has been seen since.</summary>
    /// <returns>By how much the memory grew.</returns>
    public long Install(CachedDirectory loaded)
    {
        lock (_lock)
        {
            if (_isRemoved || loaded.Version < _seen || loaded.Version <= (_directory?.Version ?? -1))
                return 0;
            long before = _directory?.Bytes ?? 0;
            _directory = loaded;
            _seen = loaded.Version;
            Catch();
            return (_directory?.Bytes ?? 0) - before;
        }
    }

    /// <summary>Applies a change that made the directory that version; a version of 0 is an unknown one, and drops the content.</summary>
    /// <returns>By how much the memory grew.</returns>
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
            Catch();
            if (_waiting.Count > MaxWaiting)
                Drop();
            return (_directory?.Bytes ?? 0) - before;
        }
    }

    /// <summary>Drops the content for good: the entry is no longer in the cache, and nothing that is installed into it now would ever be counted out again.</summary>
    /// <returns>By how much the memory grew.</returns>
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

    /// <summary>Forgets the content if it is not of that version.</summary>
    /// <returns>By how much the memory grew.</returns>
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

    private void Catch()
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
