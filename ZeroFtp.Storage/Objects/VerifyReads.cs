namespace ZeroFtp.Storage.Objects;

/// <summary>When an embedded store compares content with its hash as it is sent from its file to the socket. What passes through memory (TLS, conversions, digests) is compared always.</summary>
public enum VerifyReads
{
    /// <summary>Each time.</summary>
    Always,

    /// <summary>
    /// At the first read since the start, and again once the file has been written since or, on Linux 6.5 and later, a part of it has to come from the disk again. An object of at most 64 KiB is compared each time.
    /// </summary>
    FirstRead,

    /// <summary>Not at all, except for objects of at most 64 KiB. A part of an object is not compared then in memory either.</summary>
    Never,
}
