namespace ZeroFtp.Host.Transfers;

/// <summary>Where transfers are logged and how.</summary>
internal sealed record TransferLogSettings
{
    /// <summary>The file; null logs none.</summary>
    public string? File { get; init; }

    /// <summary>The data directory of an embedded store: if that is gone, it must not come back empty because the log is to be in it.</summary>
    public string? DataDirectory { get; init; }

    public TransferLogFormat Format { get; init; }

    /// <summary>The size in bytes at which a new file is begun; 0 leaves that to others, such as logrotate.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>How many full files are kept beside the one being written.</summary>
    public int Keep { get; init; } = 4;
}
