namespace ZeroFtp.Storage.Metadata;

/// <summary>How a unit ended.</summary>
internal enum Outcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The entry, or its parent directory, does not exist.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    AlreadyExists,

    /// <summary>The entry is a directory and must not be.</summary>
    IsDirectory,

    /// <summary>The entry is not a directory and must be.</summary>
    NotDirectory,

    /// <summary>The directory is not empty.</summary>
    NotEmpty,

    /// <summary>The directory would be moved into itself.</summary>
    IntoItself,

    /// <summary>An account's home is affected.</summary>
    Busy,

    /// <summary>The file that the upload builds on is gone or has other content; or the entry to be moved has another version than the caller knew.</summary>
    Conflict,

    /// <summary>The owner's quota would be exceeded.</summary>
    QuotaExceeded,

    /// <summary>This front-end was declared dead; the upload is lost.</summary>
    Fenced,
}
