namespace ZeroFtp.Protocol.Driver;

/// <summary>Why a driver could not do what was asked; the engine maps each to one reply code.</summary>
public enum FtpError
{
    /// <summary>There is no such file or directory (550).</summary>
    NotFound,

    /// <summary>The name is taken (550).</summary>
    AlreadyExists,

    /// <summary>The path, or a part of it, is not a directory (550; 501 for MLSD).</summary>
    NotADirectory,

    /// <summary>The path is a directory (550).</summary>
    IsADirectory,

    /// <summary>The object is neither a plain file nor a directory (550).</summary>
    NotAPlainFile,

    /// <summary>The directory is not empty (550).</summary>
    NotEmpty,

    /// <summary>The user may not do that (550).</summary>
    PermissionDenied,

    /// <summary>The store cannot do that to this object (550).</summary>
    NotPossible,

    /// <summary>The name is not acceptable, or a directory would move into itself (553).</summary>
    NameNotAllowed,

    /// <summary>Busy or locked; trying again later may help (450).</summary>
    Busy,

    /// <summary>The store is full (452).</summary>
    InsufficientStorage,

    /// <summary>A quota or a limit on sizes is exceeded (552).</summary>
    QuotaExceeded,

    /// <summary>The store cannot be reached or failed; trying again later may help (451).</summary>
    Unavailable,

    /// <summary>The offset is beyond the end of the file (554).</summary>
    InvalidOffset,

    /// <summary>An account (ACCT) is needed for storing (532).</summary>
    NeedAccount,

    /// <summary>The facility is not offered here (502).</summary>
    NotImplemented,

    /// <summary>The file would consist of more pieces than the store allows; storing it again as a whole helps (552).</summary>
    TooFragmented,

    /// <summary>The path leads through too many symbolic links, or through links back to where it has been (550).</summary>
    LinkLoop,
}

/// <summary>The one way in which a driver reports an expected failure. The message is for logs; clients get the engine's own text and never this one.</summary>
public sealed class FtpDriverException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FtpDriverException(FtpError error, string? message = null, Exception? innerException = null)
        : base(message ?? error.ToString(), innerException) => Error = error;

    /// <summary>What went wrong.</summary>
    public FtpError Error { get; }
}
