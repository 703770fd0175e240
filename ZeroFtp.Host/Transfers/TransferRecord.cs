using ZeroFtp.Protocol.Events;

namespace ZeroFtp.Host.Transfers;

/// <summary>One finished transfer as the log keeps it.</summary>
internal sealed record TransferRecord
{
    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    public required long SessionId { get; init; }

    public required string RemoteHost { get; init; }

    public required string User { get; init; }

    public bool IsAnonymous { get; init; }

    /// <summary>The verb that moved it, such as RETR, STOR, APPE or LIST.</summary>
    public required string Verb { get; init; }

    public required TransferDirection Direction { get; init; }

    public required string Path { get; init; }

    /// <summary>Bytes on the data connection.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of the file; null where they are not told apart from <see cref="Bytes"/>.</summary>
    public long? FileBytes { get; init; }

    /// <summary>Whether MODE Z compressed the data.</summary>
    public bool IsCompressed { get; init; }

    public required bool IsComplete { get; init; }

    /// <summary>Why it is not complete, in a word or two; null if it is.</summary>
    public string? Failure { get; init; }

    public bool IsAscii { get; init; }

    /// <summary>Whether an interrupted upload left what had arrived.</summary>
    public bool IsPartial { get; init; }

    public bool IsEncrypted { get; init; }

    /// <summary>How the client ended the data of an upload.</summary>
    public FtpUploadEnd UploadEnd { get; init; }
}

internal enum TransferDirection
{
    Upload,
    Download,
}
