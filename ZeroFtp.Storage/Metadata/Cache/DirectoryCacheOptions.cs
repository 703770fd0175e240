namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>How directories are kept in memory.</summary>
internal sealed record DirectoryCacheOptions
{
    /// <summary>How the cache keeps up with the store.</summary>
    public CoherenceMode Mode { get; init; }

    /// <summary>In <see cref="CoherenceMode.Bounded"/>, how old an answer may be.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many octets of memory the directories may take.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>How many entries a directory may have to be loaded because names in it are looked up; larger ones are only kept when somebody has listed them.</summary>
    public int MaxLoadOnLookup { get; init; } = 10_000;

    /// <summary>How often a name has to be looked up in a directory before it is loaded.</summary>
    public int LookupsBeforeLoad { get; init; } = 2;
}

/// <summary>How a cache keeps up with the store.</summary>
internal enum CoherenceMode
{
    /// <summary>This process is the only one that writes: what it knows is exact, and costs no round trip.</summary>
    Single,

    /// <summary>Several front-ends write: every answer is of now (linearizable). Names are looked up in the store; a listing costs one round trip that checks the version.</summary>
    Strict,

    /// <summary>Several front-ends write, and the answer to a read may be as old as <see cref="DirectoryCacheOptions.MaxAge"/>. What is resolved for a change is read from the store.</summary>
    Bounded,
}
