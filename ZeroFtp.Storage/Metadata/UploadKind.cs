namespace ZeroFtp.Storage.Metadata;

/// <summary>How an upload relates to what is at its name. The numbers are stored.</summary>
internal enum UploadKind
{
    /// <summary>Create or replace the whole content.</summary>
    Replace = 0,

    /// <summary>Create; the name must be free.</summary>
    CreateNew = 1,

    /// <summary>Add at the end the file has when the upload is published.</summary>
    Append = 2,

    /// <summary>Replace octets from an offset on, and keep what lies beyond those received.</summary>
    Overwrite = 3,
}
