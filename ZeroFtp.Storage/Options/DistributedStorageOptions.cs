namespace ZeroFtp.Storage.Options;

/// <summary>How a store of several front-ends works: where its names and its content are, and what every store can be told.</summary>
public sealed record DistributedStorageOptions
{
    /// <summary>What every store can be told. Its data directory, durability, floor of free space and length of objects mean nothing here: nothing of this store is on the front-end.</summary>
    public required StorageOptions Common { get; init; }

    /// <summary>Where names and accounts are.</summary>
    public required MetadataServerOptions Metadata { get; init; }

    /// <summary>Where content is.</summary>
    public required Objects.ZeroStor.ZeroStorOptions ZeroStor { get; init; }

    /// <summary>Every fault of these options, one sentence each; empty if there is none.</summary>
    public IReadOnlyList<string> Validate() => [.. Common.Validate(), .. Metadata.Validate(), .. ZeroStor.Validate()];
}
