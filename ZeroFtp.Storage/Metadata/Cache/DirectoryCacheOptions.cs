namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>Options of the directory cache.</summary>
internal sealed record DirectoryCacheOptions
{
    /// <summary>How the cache stays coherent with the store.</summary>
    public CoherenceMode Mode { get; init; }

    /// <summary>Maximum age of an answer in <see cref="CoherenceMode.Bounded"/>.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Memory budget for directories, in bytes.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>Largest directory, in entries, that lookups load. Larger ones are cached only after a listing.</summary>
    public int MaxLoadOnLookup { get; init; } = 10_000;

    /// <summary>Lookups of names in a directory before it is loaded.</summary>
    public int LookupsBeforeLoad { get; init; } = 2;
}

/// <summary>How a cache stays coherent with the store.</summary>
internal enum CoherenceMode
{
    /// <summary>Only this process writes: the cache is exact, and answers cost no round trip.</summary>
    Single,

    /// <summary>
    /// Several front-ends write, and every answer is current (linearizable). Names are looked up in the store; a listing costs one round trip that checks the
    /// version.
    /// </summary>
    Strict,

    /// <summary>
    /// Several front-ends write, and answers to reads may be as old as <see cref="DirectoryCacheOptions.MaxAge"/>. Names that are resolved for a change are
    /// read from the store.
    /// </summary>
    Bounded,
}
