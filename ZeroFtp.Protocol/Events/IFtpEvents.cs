using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Events;

/// <summary>What an embedder may want to know as it happens. Methods are called from the session's own flow: they must be quick and must not throw.</summary>
public interface IFtpEvents
{
    /// <summary>A connection was welcomed and, under implicit TLS, has shaken hands.</summary>
    void SessionOpened(FtpSessionInfo session)
    {
    }

    /// <summary>A session ended that <see cref="SessionOpened"/> told of.</summary>
    void SessionClosed(FtpSessionInfo session, string reason)
    {
    }

    /// <summary>A user logged in or was refused.</summary>
    void LoginFinished(FtpSessionInfo session, string user, bool accepted)
    {
    }

    /// <summary>A transfer is about to be announced.</summary>
    void TransferStarted(FtpTransferInfo transfer)
    {
    }

    /// <summary>A transfer ended, well or not. A download that ended well was acknowledged by the client's system to its last byte.</summary>
    void TransferFinished(FtpTransferInfo transfer)
    {
    }

    /// <summary>Something in the tree was changed by a command.</summary>
    void FileChanged(FtpFileChange change)
    {
    }
}

/// <summary>One transfer, as far as it went.</summary>
public sealed record FtpTransferInfo
{
    /// <summary>The session.</summary>
    public required FtpSessionInfo Session { get; init; }

    /// <summary>RETR, STOR, APPE, STOU, LIST, NLST or MLSD.</summary>
    public required string Verb { get; init; }

    /// <summary>The file or directory.</summary>
    public required FtpPath Path { get; init; }

    /// <summary>Whether the server sends.</summary>
    public required bool IsDownload { get; init; }

    /// <summary>Whether the data connection is under TLS.</summary>
    public required bool IsProtected { get; init; }

    /// <summary>Whether the representation type is binary.</summary>
    public required bool IsBinary { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Bytes that went over the data connection.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of the file that were moved. They differ from <see cref="Bytes"/> where TYPE A, STRU R or MODE Z convert them.</summary>
    public long ContentBytes { get; init; }

    /// <summary>Whether the data were compressed (MODE Z).</summary>
    public bool IsCompressed { get; init; }

    /// <summary>The code of the final reply, or 0 while it runs or if the client was lost.</summary>
    public int ReplyCode { get; init; }

    /// <summary>Whether it ended with 226.</summary>
    public bool Succeeded => ReplyCode == 226;

    /// <summary>Whether an interrupted upload left a partial file.</summary>
    public bool LeftPartial { get; init; }

    /// <summary>How the client ended the data of an upload; <see cref="Succeeded"/> says whether that made a whole file.</summary>
    public FtpUploadEnd UploadEnd { get; init; }
}

/// <summary>How the data of an upload ended (RFC 959 section 3.4.1: in MODE S a file ends with its connection).</summary>
public enum FtpUploadEnd
{
    /// <summary>They have not ended, or the server ended them: ABOR, a time-out, a failure; or it is a download.</summary>
    None,

    /// <summary>The client closed the data connection in clear, while the control connection was open or after QUIT.</summary>
    Closed,

    /// <summary>The client ended TLS by close_notify (RFC 8446 section 6.1).</summary>
    CloseNotify,

    /// <summary>The client closed a data connection under TLS without close_notify.</summary>
    WithoutCloseNotify,

    /// <summary>In clear, and the control connection had ended before the data connection, without QUIT: the client was killed or lost.</summary>
    ControlFirst,

    /// <summary>The data connection was reset, or broke.</summary>
    Reset,
}

/// <summary>What was done to the tree.</summary>
public enum FtpChangeKind
{
    /// <summary>A file was created or its content changed.</summary>
    Stored,

    /// <summary>An interrupted upload left a partial file.</summary>
    StoredPartially,

    /// <summary>A file or link was removed.</summary>
    Deleted,

    /// <summary>Something was renamed to <see cref="FtpFileChange.Target"/>.</summary>
    Renamed,

    /// <summary>A directory was created.</summary>
    DirectoryMade,

    /// <summary>A directory, perhaps with its contents, was removed.</summary>
    DirectoryRemoved,

    /// <summary>Times or modes were changed.</summary>
    FactsChanged,

    /// <summary>A symbolic link was created.</summary>
    Linked,
}

/// <summary>One change of the tree.</summary>
/// <param name="Session">Who did it.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Path">Where.</param>
/// <param name="Target">The new path of something renamed.</param>
public sealed record FtpFileChange(FtpSessionInfo Session, FtpChangeKind Kind, FtpPath Path, FtpPath? Target = null);
