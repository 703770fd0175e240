namespace ZeroFtp.Storage.Options;

/// <summary>Options of a store with several front-ends: where its names and its content are, and the options of every store.</summary>
public sealed record DistributedStorageOptions
{
    /// <summary>
    /// Options of every store. The data directory, durability, minimum of free space and object length have no effect here, because nothing of this store is on
    /// the front-end.
    /// </summary>
    public required StorageOptions Common { get; init; }

    /// <summary>The database of names and accounts.</summary>
    public required MetadataServerOptions Metadata { get; init; }

    /// <summary>The store of content.</summary>
    public required Objects.ZeroStor.ZeroStorOptions ZeroStor { get; init; }

    /// <summary>Returns every fault of these options, one sentence each; empty if there is none.</summary>
    public IReadOnlyList<string> Validate() => [.. Common.Validate(), .. Metadata.Validate(), .. ZeroStor.Validate()];
}
