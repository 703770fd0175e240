namespace ZeroFtp.Storage.Metadata;

/// <summary>How a unit ended.</summary>
internal enum Outcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The entry, or the directory it is to be in, does not exist.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    AlreadyExists,

    /// <summary>The entry is a directory and must not be.</summary>
    IsDirectory,

    /// <summary>The entry is no directory and must be.</summary>
    NotDirectory,

    /// <summary>The directory holds entries.</summary>
    NotEmpty,

    /// <summary>The directory would be moved into itself.</summary>
    IntoItself,

    /// <summary>An account's home is at stake.</summary>
    Busy,

    /// <summary>The file that the upload builds on is not there any more, or has another content; or the entry to be moved is another version of what was known.</summary>
    Conflict,

    /// <summary>The owner's quota does not allow it.</summary>
    QuotaExceeded,

    /// <summary>This front-end was taken for dead; the upload is lost.</summary>
    Fenced,
}
