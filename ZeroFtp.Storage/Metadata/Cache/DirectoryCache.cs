using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>
/// Caches directories within a memory budget and evicts the least recently used. It never queries the store; <see cref="CachedMetadataStore"/> does.
/// </summary>
internal sealed class DirectoryCache : IDisposable
{
    /// <summary>The name of this assembly's meter.</summary>
    public const string MeterName = "ZeroFtp.Storage";

    private readonly ConcurrentDictionary<long, CacheEntry> _entries = new();
    private readonly Lock _evicting = new();
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;
    private readonly long _maxBytes;

    private long _bytes;
    private long _tick;
    private long _generation;
    private long _factsGeneration;

    public DirectoryCache(long maxBytes)
    {
        _maxBytes = maxBytes;
        _hits = _meter.CreateCounter<long>("zeroftp.metadata.cache.hits", "{lookup}", "Lookups of directories that were in memory.");
        _misses = _meter.CreateCounter<long>("zeroftp.metadata.cache.misses", "{lookup}", "Lookups of directories that were not in memory.");
        _meter.CreateObservableGauge("zeroftp.metadata.cache.bytes", () => Bytes, "By", "Memory used by cached directories.");
        _meter.CreateObservableGauge("zeroftp.metadata.cache.directories", () => _entries.Count, "{directory}", "Directories known to the cache.");
        _meter.CreateObservableGauge("zeroftp.metadata.cache.entries", () =>
            _entries.Values.Sum(static e => (long)(e.Directory?.Count ?? 0)), "{entry}", "Entries of cached directories.");
    }

    /// <summary>The memory that cached directories use, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Changes when the cache is cleared. Content whose load began before must not be installed.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Changes when a directory's own facts may have changed, which is rare.</summary>
    public long FactsGeneration => Interlocked.Read(ref _factsGeneration);

    /// <summary>Records that some directory's own facts have changed, or may have.</summary>
    public void ForgetFacts() => Interlocked.Increment(ref _factsGeneration);

    /// <summary>Returns the entry of a directory, or null.</summary>
    public CacheEntry? Find(long directory)
    {
        if (!_entries.TryGetValue(directory, out CacheEntry? entry))
            return null;
        entry.LastUsed = Interlocked.Increment(ref _tick);
        return entry;
    }

    /// <summary>Returns the entry of a directory that is about to be read, so that changes made meanwhile are noticed.</summary>
    public CacheEntry Watch(long directory)
    {
        CacheEntry entry = _entries.GetOrAdd(directory, static _ => new CacheEntry());
        entry.LastUsed = Interlocked.Increment(ref _tick);
        if (_entries.Count > Math.Max(1_000, _maxBytes / 256))
            Evict();
        return entry;
    }

    public void Count(bool hit) => (hit ? _hits : _misses).Add(1);

    /// <summary>Installs content that was read after <see cref="Watch"/>.</summary>
    public void Install(CacheEntry entry, CachedDirectory directory, long generation)
    {
        if (generation == Generation)
            Grow(entry.Install(directory));
    }

    /// <summary>Applies a change of this process that took the directory to the given version.</summary>
    public void Apply(long directory, long version, Func<CachedDirectory, CachedDirectory> change)
    {
        if (_entries.TryGetValue(directory, out CacheEntry? entry))
            Grow(entry.Apply(version, change));
    }

    public void Verify(CacheEntry entry, long? version, long now) => Grow(entry.Verify(version, now));

    /// <summary>Drops a directory that was removed or whose state is unknown.</summary>
    public void Forget(long directory) => Apply(directory, 0, static d => d);

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        Interlocked.Increment(ref _generation);
        ForgetFacts();
        foreach (KeyValuePair<long, CacheEntry> pair in _entries)
            Remove(pair);
    }

    public void Dispose() => _meter.Dispose();

    private void Grow(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > _maxBytes)
            Evict();
    }

    // Evicts the least recently used tenth, so that one sort pays for many insertions.
    private void Evict()
    {
        if (!_evicting.TryEnter())
            return;
        try
        {
            long entries = Math.Max(1_000, _maxBytes / 256) * 9 / 10;
            foreach (KeyValuePair<long, CacheEntry> pair in _entries.ToArray().OrderBy(static p => p.Value.LastUsed))
            {
                if (Bytes <= _maxBytes / 10 * 9 && _entries.Count <= entries)
                    return;
                Remove(pair);
            }
        }
        finally
        {
            _evicting.Exit();
        }
    }

    private void Remove(KeyValuePair<long, CacheEntry> pair)
    {
        if (_entries.TryRemove(pair))
            Interlocked.Add(ref _bytes, pair.Value.Remove());
    }
}
