namespace ZeroFtp.Storage.Metadata;

/// <summary>What a process opens the metadata for.</summary>
internal enum MetadataRole
{
    /// <summary>To serve: it registers as a front-end and may upload, reap and collect.</summary>
    FrontEnd,

    /// <summary>To look or to change accounts and names, also beside a front-end: it is not registered, and cannot upload.</summary>
    Tool,
}
