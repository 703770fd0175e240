namespace ZeroFtp.Storage.Metadata;

/// <summary>The metadata store cannot answer, or must not be used. To callers outside of this assembly it is an <see cref="IOException"/>, whose message is for people.</summary>
internal sealed class MetadataException : IOException
{
    /// <summary>Makes one.</summary>
    public MetadataException(MetadataError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>Which it is.</summary>
    public MetadataError Error { get; }
}

/// <summary>Why the metadata store cannot answer.</summary>
internal enum MetadataError
{
    /// <summary>It does not answer, or not in time. Nothing is known of the unit; trying later is right.</summary>
    Unavailable,

    /// <summary>It is full.</summary>
    Full,

    /// <summary>What the call works on does not exist.</summary>
    NotFound,

    /// <summary>The store must not be used as it is: wrong schema, isolation or collation, or another process owns it. The message says what to do.</summary>
    Unusable,

    /// <summary>An earlier run of the same operation was applied. Never leaves the store.</summary>
    Overtaken,

    /// <summary>A row or a call breaks a rule of the store: a defect.</summary>
    Broken,
}
