namespace ZeroFtp.Storage.Metadata;

/// <summary>How an upload relates to the entry at its name. The numbers are stored.</summary>
internal enum UploadKind
{
    /// <summary>Create or replace the whole content.</summary>
    Replace = 0,

    /// <summary>Create; the name must be free.</summary>
    CreateNew = 1,

    /// <summary>Append at the end that the file has when the upload is published.</summary>
    Append = 2,

    /// <summary>Replace bytes from an offset on, and keep what follows the received bytes.</summary>
    Overwrite = 3,
}
