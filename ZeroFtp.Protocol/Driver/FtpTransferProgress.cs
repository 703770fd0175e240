namespace ZeroFtp.Protocol.Driver;

/// <summary>How far a running transfer is.</summary>
public sealed record FtpTransferProgress
{
    /// <summary>RETR, STOR, APPE, STOU, LIST, NLST or MLSD.</summary>
    public required string Verb { get; init; }

    /// <summary>The file or directory.</summary>
    public required FtpPath Path { get; init; }

    /// <summary>Whether the server sends.</summary>
    public required bool IsDownload { get; init; }

    /// <summary>When the transfer started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Bytes that have gone over the data connection.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that will go over the data connection in all, or null if the server does not know. An upload has them from ALLO (RFC 959 section 4.1.3).</summary>
    public long? ExpectedBytes { get; init; }
}
