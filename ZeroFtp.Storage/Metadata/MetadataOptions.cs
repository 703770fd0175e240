using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ZeroFtp.Storage.Metadata;

/// <summary>What both kinds of metadata store can be told.</summary>
internal record MetadataOptions
{
    /// <summary>This front-end's name in the <c>server</c> table, for operators.</summary>
    public string ServerName { get; init; } = Environment.MachineName;

    /// <summary>What this process is.</summary>
    public MetadataRole Role { get; init; }

    /// <summary>Whether the schema is brought up to date when the store is opened; otherwise an old one is refused.</summary>
    public bool Migrate { get; init; } = true;

    /// <summary>How long after its last beat a front-end is taken for dead.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long garbage is kept at least, beyond running downloads and those that began as long after; it has to be longer than a unit may take.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where waits and outages are told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
