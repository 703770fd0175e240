namespace ZeroFtp.Protocol.Driver;

/// <summary>A digest that HASH and the X-verbs can answer.</summary>
public enum FtpHashAlgorithm
{
    /// <summary>CRC-32 (IEEE 802.3), four octets, most significant first.</summary>
    Crc32,

    /// <summary>MD5.</summary>
    Md5,

    /// <summary>SHA-1.</summary>
    Sha1,

    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-512.</summary>
    Sha512,
}

/// <summary>A driver that knows digests without reading the file.</summary>
public interface IHashing
{
    /// <summary>The digest of <paramref name="length"/> octets from <paramref name="offset"/>, or null if the driver would have to read the file; the engine then reads and computes.</summary>
    /// <exception cref="FtpDriverException">NotFound, NotAPlainFile, IsADirectory, PermissionDenied, Unavailable.</exception>
    ValueTask<byte[]?> TryGetHashAsync(FtpPath path, FtpHashAlgorithm algorithm, long offset, long length, CancellationToken cancellationToken);
}

/// <summary>What is to be changed of an entry; null leaves a fact as it is.</summary>
public sealed record FactChange
{
    /// <summary>The new modification time, UTC (MFMT, MDTM, SITE UTIME, MFF modify).</summary>
    public DateTime? ModifiedUtc { get; init; }

    /// <summary>The new time of birth, UTC (MFCT, MFF create).</summary>
    public DateTime? CreatedUtc { get; init; }

    /// <summary>The new permission bits (SITE CHMOD, MFF UNIX.mode).</summary>
    public int? Mode { get; init; }
}

/// <summary>Facts that a driver can change.</summary>
[Flags]
public enum ChangeableFacts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The modification time.</summary>
    Modified = 1,

    /// <summary>The time of birth.</summary>
    Created = 2,

    /// <summary>Permission bits.</summary>
    Mode = 4,
}

/// <summary>A driver that can change times or modes (FEAT: MFMT, MFCT, MFF, SITE CHMOD, SITE UTIME).</summary>
public interface IFactChanging
{
    /// <summary>Which facts can be changed here.</summary>
    ChangeableFacts Changeable { get; }

    /// <summary>Changes all given facts at once.</summary>
    /// <returns>The entry as stored, whose times may be coarser than asked for.</returns>
    /// <exception cref="FtpDriverException">NotFound, NotPossible (a fact that cannot be changed here), PermissionDenied, Unavailable.</exception>
    ValueTask<FtpEntry> ChangeFactsAsync(FtpPath path, FactChange change, CancellationToken cancellationToken);
}

/// <summary>A driver that knows its space (FEAT: AVBL).</summary>
public interface ISpaceReporting
{
    /// <summary>Octets that the user can still store below the directory.</summary>
    /// <exception cref="FtpDriverException">NotFound, NotADirectory, Unavailable.</exception>
    ValueTask<long> GetAvailableBytesAsync(FtpPath directory, CancellationToken cancellationToken);
}

/// <summary>A driver that knows its quota (SITE QUOTA, XQUOTA).</summary>
public interface IQuotaReporting
{
    /// <summary>The user's quota and use, or null if there is none.</summary>
    /// <exception cref="FtpDriverException">Unavailable.</exception>
    ValueTask<QuotaReport?> GetQuotaAsync(CancellationToken cancellationToken);
}

/// <summary>A user's quota.</summary>
/// <param name="UsedBytes">Octets that the user stores.</param>
/// <param name="MaxBytes">Octets that the user may store; null: no limit.</param>
/// <param name="UsedFiles">Files that the user stores.</param>
/// <param name="MaxFiles">Files that the user may store; null: no limit.</param>
public sealed record QuotaReport(long UsedBytes, long? MaxBytes, long UsedFiles, long? MaxFiles);

/// <summary>A driver that can join files without moving them through the engine (COMB; the engine copies otherwise).</summary>
public interface ICombining
{
    /// <summary>Appends the parts in order to the target, which may not exist yet, and removes them, all at once.</summary>
    /// <exception cref="FtpDriverException">NotFound (a part), IsADirectory, NotAPlainFile, NotPossible or NameNotAllowed (a part twice, or the target itself), PermissionDenied, Busy, QuotaExceeded, InsufficientStorage, Unavailable.</exception>
    ValueTask CombineAsync(FtpPath target, IReadOnlyList<FtpPath> parts, CancellationToken cancellationToken);
}

/// <summary>A driver that can copy a file without moving it through the engine (SITE CPFR and CPTO; the engine copies otherwise).</summary>
public interface ICopying
{
    /// <summary>Copies one file; a file at the target is replaced atomically.</summary>
    /// <exception cref="FtpDriverException">NotFound, IsADirectory, NotAPlainFile, NameNotAllowed, PermissionDenied, Busy, QuotaExceeded, InsufficientStorage, Unavailable.</exception>
    ValueTask CopyAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken);
}

/// <summary>A driver that can remove a tree at once (RMDA, SITE RMDIR; the engine walks otherwise).</summary>
public interface ITreeRemoving
{
    /// <summary>Removes the directory and all it holds. Symbolic links in it are removed, never followed.</summary>
    /// <exception cref="FtpDriverException">NotFound, NotADirectory, NameNotAllowed (the root), PermissionDenied, Busy, Unavailable.</exception>
    ValueTask RemoveTreeAsync(FtpPath directory, CancellationToken cancellationToken);
}

/// <summary>A driver with symbolic links (SITE SYMLINK).</summary>
public interface ISymbolicLinking
{
    /// <summary>Creates a link. The target is stored as given and resolved, like everything, inside the session's root.</summary>
    /// <exception cref="FtpDriverException">AlreadyExists, NotFound (the directory), NotADirectory, NameNotAllowed, PermissionDenied, InsufficientStorage, QuotaExceeded, Unavailable.</exception>
    ValueTask CreateSymbolicLinkAsync(FtpPath link, string target, CancellationToken cancellationToken);
}

/// <summary>A driver with SITE words of its own.</summary>
public interface ISiteWords
{
    /// <summary>The words, in upper case, each with a line of help.</summary>
    IReadOnlyDictionary<string, string> Words { get; }

    /// <summary>Runs a word with its argument.</summary>
    /// <param name="word">The word, one of <see cref="Words"/>, in upper case.</param>
    /// <param name="argument">What follows it; empty if nothing does.</param>
    /// <param name="cancellationToken">Cancelled by ABOR, a lost client and the server's stop.</param>
    /// <exception cref="FtpDriverException">Any; it becomes the reply as elsewhere.</exception>
    ValueTask<SiteAnswer> RunAsync(string word, string argument, CancellationToken cancellationToken);
}

/// <summary>The reply to a SITE word.</summary>
/// <param name="Code">A code of the 2xx, 4xx or 5xx group; another one becomes 451.</param>
/// <param name="Lines">The lines of its text, without code and end; none becomes <c>Done.</c></param>
public sealed record SiteAnswer(int Code, IReadOnlyList<string> Lines);
