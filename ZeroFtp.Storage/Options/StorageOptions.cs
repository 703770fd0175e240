using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Options;

/// <summary>Options of an embedded store. Every property has a default except <see cref="DataDirectory"/>.</summary>
public sealed record StorageOptions
{
    /// <summary>The directory of everything: the database, the objects, the lock file. Created, accessible by its owner only, if it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What is on disk when an upload is acknowledged.</summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>
    /// Minimum of free bytes of the file system. Below it nothing more is stored (452), so that the database's log always has room. 0 disables it.
    /// </summary>
    public long FreeSpaceFloorBytes { get; init; } = 128L << 20;

    /// <summary>
    /// Bytes of disk space reserved in a file for when the disk is full, so that files can still be deleted, or replaced by shorter ones. 0 reserves none.
    /// </summary>
    public long ReserveBytes { get; init; } = 8L << 20;

    /// <summary>
    /// Maximum length of an object in bytes; a longer file becomes several objects. After a server was killed, what it had received of an upload is kept object
    /// by object.
    /// </summary>
    public long MaxObjectBytes { get; init; } = 256L << 20;

    /// <summary>The number of bytes that are buffered before they are written to an object's file.</summary>
    public int WriteBufferBytes { get; init; } = 256 << 10;

    /// <summary>Maximum number of bytes of one upload in flight to a remote object store.</summary>
    public int UploadWindowBytes { get; init; } = 16 << 20;

    /// <summary>Maximum number of bytes of one download that are fetched ahead from a remote object store.</summary>
    public int DownloadWindowBytes { get; init; } = 8 << 20;

    /// <summary>
    /// When content is verified against its hash as it goes from its file to the socket. A distributed store verifies everything that it reads.
    /// </summary>
    public VerifyReads VerifyReads { get; init; } = VerifyReads.FirstRead;

    /// <summary>Maximum length of a file in bytes; null for no limit. A longer upload is answered with 552.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>
    /// Maximum number of extents of a file beyond the whole objects that its length needs. Small neighbouring extents are first rewritten as one object. A
    /// command that would still exceed the limit (COMB, SITE CPTO, REST with STOR, RANG with STOR) is answered with 552.
    /// </summary>
    public int MaxFileExtents { get; init; } = 10_000;

    /// <summary>True to keep what arrived of an interrupted upload to a new name, marked partial, so that the client can resume.</summary>
    public bool KeepPartialUploads { get; init; } = true;

    /// <summary>
    /// Minimum time for which unreferenced content is kept. Running downloads protect what they read; this is for wrong clocks. Null, the default, means one
    /// minute for an embedded store, which has one clock and whose disk should be free soon after a deletion, and ten minutes for a distributed one.
    /// </summary>
    public TimeSpan? GarbageGrace { get; init; }

    /// <summary>The value of <see cref="GarbageGrace"/> if it is not set.</summary>
    internal static TimeSpan DefaultGarbageGrace(bool distributed) => TimeSpan.FromMinutes(distributed ? 10 : 1);

    /// <summary>The interval of garbage collections; <see cref="Timeout.InfiniteTimeSpan"/> leaves them to explicit calls.</summary>
    public TimeSpan CollectInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The interval of background scrubs, which read all content, compare it with its hashes, and repair what has lost redundancy;
    /// <see cref="Timeout.InfiniteTimeSpan"/> leaves them to explicit calls. One of several front-ends makes the pass. The first one starts one interval after
    /// the store was created.
    /// </summary>
    public TimeSpan ScrubInterval { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Average rate of the background scrub in bytes per second; 0 for no limit.</summary>
    public long ScrubBytesPerSecond { get; init; } = 8L << 20;

    /// <summary>
    /// Directories, as absolute paths in the whole tree, that are loaded into memory in the background when the store is opened. Missing ones are skipped.
    /// </summary>
    public IReadOnlyList<string> WarmUpDirectories { get; init; } = [];

    /// <summary>The number of levels below those directories that are loaded too.</summary>
    public int WarmUpDepth { get; init; } = 1;

    /// <summary>The memory budget of the directory cache, in bytes.</summary>
    public long DirectoryCacheBytes { get; init; } = 64L << 20;

    /// <summary>Maximum number of symbolic links in one path.</summary>
    public int MaxLinkDepth { get; init; } = 16;

    /// <summary>How passwords are hashed and how long a verified login is remembered.</summary>
    public PasswordOptions Passwords { get; init; } = new();

    /// <summary>What a change of an account does to its open sessions.</summary>
    public AccountChanges AccountChanges { get; init; } = AccountChanges.EndSessions;

    /// <summary>The account that serves <c>USER anonymous</c> and <c>USER ftp</c> with any password; null, the default, disables anonymous access.</summary>
    public string? AnonymousAccount { get; init; }

    /// <summary>
    /// The name of a file whose lines are shown to users who change into its directory, such as <c>.message</c>; null, the default, disables it. A file longer
    /// than 8 KiB is not shown.
    /// </summary>
    public string? DirectoryMessageFile { get; init; }

    /// <summary>Authorities whose client certificates may identify an account by their subject. An empty list allows thumbprints only.</summary>
    public IReadOnlyList<X509Certificate2> ClientCertificateAuthorities { get; init; } = [];

    /// <summary>Sources of logins that are asked before the stored accounts, in order.</summary>
    public IReadOnlyList<IAuthenticator> Authenticators { get; init; } = [];

    /// <summary>Returns every fault of these options, one sentence each; empty if there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(DataDirectory) || DataDirectory.Contains('\0'))
            faults.Add("DataDirectory must name a directory.");
        Check(Enum.IsDefined(Durability), "Durability must be Full or Relaxed.");
        Check(Enum.IsDefined(VerifyReads), "VerifyReads must be Always, FirstRead or Never.");
        Check(Enum.IsDefined(AccountChanges), "AccountChanges must be EndSessions or Never.");
        Check(FreeSpaceFloorBytes >= 0, "FreeSpaceFloorBytes must not be negative.");
        Check(ReserveBytes is 0 or (>= 1L << 20 and <= 1L << 40), "ReserveBytes must be 0 or between 1 MiB and 1 TiB.");
        Check(MaxObjectBytes is >= 64 << 10 and <= 1L << 40, "MaxObjectBytes must be between 64 KiB and 1 TiB.");
        Check(WriteBufferBytes is >= 4 << 10 and <= 16 << 20, "WriteBufferBytes must be between 4 KiB and 16 MiB.");
        Check(UploadWindowBytes is >= 64 << 10 and <= 1 << 30, "UploadWindowBytes must be between 64 KiB and 1 GiB.");
        Check(DownloadWindowBytes is >= 0 and <= 1 << 30, "DownloadWindowBytes must be between 0 and 1 GiB.");
        Check(MaxFileBytes is null or >= 0, "MaxFileBytes must not be negative.");
        Check(MaxFileExtents is >= 16 and <= 10_000_000, "MaxFileExtents must be between 16 and 10,000,000.");
        Check(GarbageGrace is null || (GarbageGrace >= TimeSpan.Zero && GarbageGrace <= TimeSpan.FromDays(365)), "GarbageGrace must be between 0 and a year.");
        Check(CollectInterval == Timeout.InfiniteTimeSpan || (CollectInterval > TimeSpan.Zero && CollectInterval <= TimeSpan.FromDays(1)), "CollectInterval must be between 0 and a day, or infinite.");
        Check(ScrubInterval == Timeout.InfiniteTimeSpan || (ScrubInterval >= TimeSpan.FromSeconds(1) && ScrubInterval <= TimeSpan.FromDays(3650)), "ScrubInterval must be between a second and ten years, or infinite.");
        Check(ScrubBytesPerSecond >= 0, "ScrubBytesPerSecond must not be negative.");
        Check(WarmUpDirectories.All(static directory => directory.StartsWith('/')), "WarmUpDirectories must be absolute paths.");
        Check(WarmUpDepth is >= 0 and <= 100, "WarmUpDepth must be between 0 and 100.");
        Check(DirectoryCacheBytes >= 1 << 20, "DirectoryCacheBytes must be at least 1 MiB.");
        Check(MaxLinkDepth is >= 0 and <= 255, "MaxLinkDepth must be between 0 and 255.");
        Check(DirectoryMessageFile is null || (DirectoryMessageFile.Length > 0 && !DirectoryMessageFile.Contains('/') && DirectoryMessageFile is not ("." or "..")), "DirectoryMessageFile must be a name without directories.");
        faults.AddRange(Passwords.Validate());
        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds)
                faults.Add(fault);
        }
    }
}
