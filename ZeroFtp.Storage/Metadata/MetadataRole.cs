namespace ZeroFtp.Storage.Metadata;

/// <summary>Why a process opens the metadata.</summary>
internal enum MetadataRole
{
    /// <summary>Serves clients: registers as a front-end and may upload, reap and collect.</summary>
    FrontEnd,

    /// <summary>Inspects, or changes accounts and names, also beside a front-end. Not registered, and cannot upload.</summary>
    Tool,
}
