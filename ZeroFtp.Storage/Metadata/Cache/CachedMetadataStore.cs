using System.Runtime.CompilerServices;

namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>
/// A metadata store with a cache of directories in memory. Names and listings come from the cache as far as the <see cref="CoherenceMode"/> allows. Every write
/// goes to the store, which checks its own rows, and its result is patched into the cache. Rows from the cache have neither <see cref="FileRow.StorKey"/> nor
/// <see cref="FileRow.DirectoryVersion"/>.
/// </summary>
internal sealed partial class CachedMetadataStore(SqlMetadataStore store, DirectoryCacheOptions options, TimeProvider clock) : IMetadataStore
{
    private const int PageSize = 256;

    private const int StorePage = 1_000;

    private readonly DirectoryCache _cache = new(options.MaxBytes);

    /// <summary>The cache.</summary>
    public DirectoryCache Cache => _cache;

    /// <summary>The underlying store.</summary>
    public SqlMetadataStore Inner => store;

    public async ValueTask<Resolution> ResolveAsync(long directory, ReadOnlyMemory<string> names, CancellationToken cancellationToken)
    {
        if (options.Mode == CoherenceMode.Strict)
            return await store.ResolveAsync(directory, names, cancellationToken).ConfigureAwait(false);
        List<FileRow> found = new(names.Length);
        while (found.Count < names.Length)
        {
            CachedDirectory? cached = await TryGetAsync(directory, true, cancellationToken).ConfigureAwait(false);
            if (cached is null)
            {
                Resolution rest = await store.ResolveAsync(directory, names[found.Count..], cancellationToken).ConfigureAwait(false);
                found.AddRange(rest.Found);
                break;
            }
            FileRow? row = cached.Find(names.Span[found.Count]);
            if (row is null)
                break;
            found.Add(row);
            if (!row.IsDirectory)
                break;
            directory = row.Id;
        }
        return new Resolution(found);
    }

    // The cache equals the store only if this process is the only one that writes.
    public ValueTask<Resolution> ResolveToChangeAsync(long directory, ReadOnlyMemory<string> names, CancellationToken cancellationToken) =>
        options.Mode == CoherenceMode.Single ? ResolveAsync(directory, names, cancellationToken) : store.ResolveAsync(directory, names, cancellationToken);

    public ValueTask<FileRow?> GetDirectoryToChangeAsync(long id, CancellationToken cancellationToken) =>
        options.Mode == CoherenceMode.Single ? GetDirectoryAsync(id, cancellationToken) : store.GetDirectoryAsync(id, cancellationToken);

    // The version reveals changed entries, the generation changed facts.
    public async ValueTask<FileRow?> GetDirectoryAsync(long id, CancellationToken cancellationToken)
    {
        CachedDirectory? cached = options.Mode == CoherenceMode.Strict ? null : await TryGetAsync(id, true, cancellationToken).ConfigureAwait(false);
        if (cached is null || _cache.Find(id) is not { } entry)
            return await store.GetDirectoryAsync(id, cancellationToken).ConfigureAwait(false);
        long now = clock.GetTimestamp(), generation = _cache.FactsGeneration;
        if (entry.Self is { } self && self.Row.DirectoryVersion == cached.Version && self.Generation == generation
            && (options.Mode == CoherenceMode.Single || clock.GetElapsedTime(self.ReadAt, now) < options.MaxAge))
            return self.Row;
        FileRow? row = await store.GetDirectoryAsync(id, cancellationToken).ConfigureAwait(false);
        entry.Self = row is null ? null : new CacheEntry.OwnRow(row, generation, now);
        return row;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<FileRow>> ListAsync(long directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CachedDirectory? cached = await TryGetAsync(directory, false, cancellationToken).ConfigureAwait(false);
        if (cached is null)
        {
            await foreach (ReadOnlyMemory<FileRow> page in LoadAsync(directory, cancellationToken).ConfigureAwait(false))
                yield return page;
            yield break;
        }
        FileRow[] rows = new FileRow[Math.Min(PageSize, Math.Max(1, cached.Count))];
        int count = 0;
        for (CachedDirectory.Walk walk = cached.Entries(); walk.MoveNext();)
        {
            rows[count++] = walk.Current;
            if (count < rows.Length)
                continue;
            yield return rows;
            count = 0;
            cancellationToken.ThrowIfCancellationRequested();
        }
        if (count > 0)
            yield return rows.AsMemory(0, count);
    }

    /// <summary>
    /// Loads the directory and <paramref name="depth"/> levels of directories below it, so that the first clients find them in memory (warm-up). Stops when the
    /// cache is 80 percent full.
    /// </summary>
    public async ValueTask WarmAsync(long directory, int depth, CancellationToken cancellationToken)
    {
        List<long> below = [];
        await foreach (ReadOnlyMemory<FileRow> page in ListAsync(directory, cancellationToken).ConfigureAwait(false))
        {
            for (int i = 0; i < page.Length && depth > 0; i++)
            {
                if (page.Span[i].IsDirectory)
                    below.Add(page.Span[i].Id);
            }
        }
        foreach (long id in below)
        {
            if (_cache.Bytes > options.MaxBytes / 10 * 8)
                return;
            await WarmAsync(id, depth - 1, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync().ConfigureAwait(false);
        _cache.Dispose();
    }

    // Returns the directory if the cache may answer for it. Loads it if it is small and has been looked up repeatedly.
    private async ValueTask<CachedDirectory?> TryGetAsync(long directory, bool lookup, CancellationToken cancellationToken)
    {
        CacheEntry? entry = _cache.Find(directory);
        CachedDirectory? cached = entry?.Directory;
        if (cached is not null && options.Mode != CoherenceMode.Single)
            cached = await VerifyAsync(entry!, directory, cancellationToken).ConfigureAwait(false);
        _cache.Count(cached is not null);
        if (cached is not null || !lookup)
            return cached;
        entry ??= _cache.Watch(directory);
        if (entry.IsLarge || entry.IsCatchingUp || entry.CountLookup() < options.LookupsBeforeLoad)
            return null;
        return await LoadSmallAsync(entry, directory, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<CachedDirectory?> VerifyAsync(CacheEntry entry, long directory, CancellationToken cancellationToken)
    {
        long now = clock.GetTimestamp();
        if (options.Mode == CoherenceMode.Bounded && clock.GetElapsedTime(entry.VerifiedAt, now) < options.MaxAge)
            return entry.Directory;
        IReadOnlyDictionary<long, long> versions = await store.ReadVersionsAsync([directory], cancellationToken).ConfigureAwait(false);
        _cache.Verify(entry, versions.TryGetValue(directory, out long version) ? version : null, now);
        return entry.Directory;
    }

    private async ValueTask<CachedDirectory?> LoadSmallAsync(CacheEntry entry, long directory, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp(), generation = _cache.Generation;
        DirectoryPage page = await store.ReadPageAsync(directory, "", options.MaxLoadOnLookup + 1, cancellationToken).ConfigureAwait(false);
        if (page.Version is null)
            return null;
        if (page.Rows.Length > options.MaxLoadOnLookup)
        {
            entry.IsLarge = true;
            return null;
        }
        DirectoryBuilder builder = new(directory, page.Rows.Length);
        foreach (FileRow row in page.Rows)
            builder.Add(row);
        CachedDirectory loaded = builder.Build(page.Version.Value);
        entry.VerifiedAt = began;
        _cache.Install(entry, loaded, generation);
        return loaded;
    }

    // Streams the directory from the store. Caches it if it does not change meanwhile and takes at most a quarter of the cache.
    private async IAsyncEnumerable<ReadOnlyMemory<FileRow>> LoadAsync(long directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp(), generation = _cache.Generation;
        CacheEntry entry = _cache.Watch(directory);
        DirectoryBuilder? builder = new(directory);
        long? version = null;
        string after = "";
        while (true)
        {
            DirectoryPage page = await store.ReadPageAsync(directory, after, StorePage, cancellationToken).ConfigureAwait(false);
            if (after.Length == 0)
                version = page.Version ?? throw new MetadataException(MetadataError.NotFound, "There is no such directory.");
            if (page.Version != version || builder?.Bytes > options.MaxBytes / 4)
                builder = null;
            for (int i = 0; builder is not null && i < page.Rows.Length; i++)
                builder.Add(page.Rows[i]);
            if (page.Rows.Length < StorePage && builder is not null)
            {
                entry.VerifiedAt = began;
                _cache.Install(entry, builder.Build(version!.Value), generation);
            }
            if (page.Rows.Length > 0)
                yield return page.Rows;
            if (page.Rows.Length < StorePage)
                yield break;
            after = page.Rows[^1].Name;
        }
    }
}
