using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.Local;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Storage.Content;

/// <summary>What all sessions of a store share.</summary>
internal sealed class StorageContext(IMetadataStore metadata, IObjectStore objects, StorageOptions options, FreeSpaceGuard? space, TimeProvider timeProvider, ILogger logger)
{
    public IMetadataStore Metadata => metadata;

    public IObjectStore Objects => objects;

    public StorageOptions Options => options;

    /// <summary>The free space of the embedded store; null if content and names are elsewhere.</summary>
    public FreeSpaceGuard? Space => space;

    public TimeProvider TimeProvider => timeProvider;

    public ILogger Logger => logger;

    /// <summary>
    /// Uploads that could not be ended because the database did not accept it. The next reaping ends them like those of a dead server; nobody else looks for
    /// uploads of a living one.
    /// </summary>
    public ConcurrentQueue<(PublishRequest Upload, bool KeepPartial)> Unsettled { get; } = new();

    public Findings Findings { get; } = new(metadata);

    public ActiveReads Reads { get; } = new(() => metadata.Now, timeProvider);

    /// <summary>The time that all front-ends of the store compare; see <see cref="IMetadataUpkeep.Now"/>.</summary>
    public long Now => metadata.Now;
}
