namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// Thrown when the metadata store cannot answer or must not be used. Callers outside this assembly see an <see cref="IOException"/> with a message for people.
/// </summary>
internal sealed class MetadataException : IOException
{
    /// <summary>Creates an exception.</summary>
    public MetadataException(MetadataError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>The kind of failure.</summary>
    public MetadataError Error { get; }
}

/// <summary>Why the metadata store cannot answer.</summary>
internal enum MetadataError
{
    /// <summary>It does not answer, or not in time. Whether the unit was applied is unknown; try again later.</summary>
    Unavailable,

    /// <summary>It is full.</summary>
    Full,

    /// <summary>The object of the call does not exist.</summary>
    NotFound,

    /// <summary>The store must not be used as it is: wrong schema, isolation or collation, or another process owns it. The message says what to do.</summary>
    Unusable,

    /// <summary>An earlier run of the same operation was applied. Never leaves the store.</summary>
    Overtaken,

    /// <summary>A row or a call violates a rule of the store: a bug.</summary>
    Broken,
}
