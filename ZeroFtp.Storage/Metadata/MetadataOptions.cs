using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ZeroFtp.Storage.Metadata;

/// <summary>Options of both kinds of metadata store.</summary>
internal record MetadataOptions
{
    /// <summary>This front-end's name in the <c>server</c> table, for operators.</summary>
    public string ServerName { get; init; } = Environment.MachineName;

    /// <summary>The role of this process.</summary>
    public MetadataRole Role { get; init; }

    /// <summary>True if opening the store migrates an old schema; otherwise it is refused.</summary>
    public bool Migrate { get; init; } = true;

    /// <summary>How long after its last beat a front-end is considered dead.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long garbage is kept at least, beyond the running downloads and those that start within that time. Must be longer than a unit may take.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Receives messages about waits and outages.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
