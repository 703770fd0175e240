namespace ZeroFtp.Storage.Objects;

/// <summary>
/// When an embedded store verifies content that is sent from its file to the socket. Content that passes through memory (TLS, conversions, digests) is always
/// verified.
/// </summary>
public enum VerifyReads
{
    /// <summary>Every time.</summary>
    Always,

    /// <summary>
    /// At the first read since the start, and again after the file was written or, on Linux 6.5 and later, if a part of it has to be read from the disk again.
    /// An object of at most 64 KiB is verified every time.
    /// </summary>
    FirstRead,

    /// <summary>Never, except for objects of at most 64 KiB. A part of an object is then not verified in memory either.</summary>
    Never,
}
