using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Options;

/// <summary>How an embedded store works. Every property has a sane default except <see cref="DataDirectory"/>.</summary>
public sealed record StorageOptions
{
    /// <summary>Where everything is kept: the database, the objects, the lock file. It is created (for its owner only) if it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What is on disk when an upload is acknowledged.</summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>Free octets of the file system below which nothing more is stored (452), so that the database's log always has room. 0 keeps no floor.</summary>
    public long FreeSpaceFloorBytes { get; init; } = 128L << 20;

    /// <summary>
    /// Bytes of the disk that a file keeps for the time when there is no other room, so that files can be deleted then, or replaced by shorter ones. 0 keeps none.
    /// </summary>
    public long ReserveBytes { get; init; } = 8L << 20;

    /// <summary>The longest object, in octets; a longer file becomes several. What a killed server had received of an upload is kept object by object.</summary>
    public long MaxObjectBytes { get; init; } = 256L << 20;

    /// <summary>How many octets are gathered before they are written to an object's file.</summary>
    public int WriteBufferBytes { get; init; } = 256 << 10;

    /// <summary>How many octets of one upload may be on their way to a remote object store at the same time.</summary>
    public int UploadWindowBytes { get; init; } = 16 << 20;

    /// <summary>How many octets of one download may be fetched ahead from a remote object store.</summary>
    public int DownloadWindowBytes { get; init; } = 8 << 20;

    /// <summary>When content is compared with its hash as it goes from its file to the socket. A distributed store compares all that it reads.</summary>
    public VerifyReads VerifyReads { get; init; } = VerifyReads.FirstRead;

    /// <summary>The longest file, in octets; null sets no limit. Exceeding it is answered 552.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>
    /// How many extents a file may have beyond the whole objects that its length needs. Small ones that are neighbours are written again as one object first; a command that would still leave more (COMB, SITE CPTO, REST with STOR,
    /// RANG with STOR) is answered 552.
    /// </summary>
    public int MaxFileExtents { get; init; } = 10_000;

    /// <summary>Whether what arrived of an interrupted upload to a new name is kept, marked partial, so that the client can resume.</summary>
    public bool KeepPartialUploads { get; init; } = true;

    /// <summary>
    /// How long content that nothing refers to any more is kept at least. Downloads that read it keep it for themselves; this is for clocks that are wrong. Null, the default, is a minute for an embedded store, which has
    /// one clock and whose disk is to be free soon after a deletion, and ten minutes for a distributed one.
    /// </summary>
    public TimeSpan? GarbageGrace { get; init; }

    /// <summary>What <see cref="GarbageGrace"/> is if it is not set.</summary>
    internal static TimeSpan DefaultGarbageGrace(bool distributed) => TimeSpan.FromMinutes(distributed ? 10 : 1);

    /// <summary>How often garbage is looked for; <see cref="Timeout.InfiniteTimeSpan"/> leaves it to explicit calls.</summary>
    public TimeSpan CollectInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often all content is read in the background and compared with its hashes, and what has lost redundancy is repaired; <see cref="Timeout.InfiniteTimeSpan"/> leaves it to explicit calls. Of several
    /// front-ends one makes the pass. The first one comes an interval after the store was made.
    /// </summary>
    public TimeSpan ScrubInterval { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many octets a second that may read, on the average; 0 sets no limit.</summary>
    public long ScrubBytesPerSecond { get; init; } = 8L << 20;

    /// <summary>Directories, as absolute paths of the whole tree, that are loaded into memory when the store is opened, without holding anything up. A missing one is passed over.</summary>
    public IReadOnlyList<string> WarmUpDirectories { get; init; } = [];

    /// <summary>How many levels below those directories are loaded too.</summary>
    public int WarmUpDepth { get; init; } = 1;

    /// <summary>How many octets of memory the directory cache may use.</summary>
    public long DirectoryCacheBytes { get; init; } = 64L << 20;

    /// <summary>How many symbolic links one path may pass through.</summary>
    public int MaxLinkDepth { get; init; } = 16;

    /// <summary>How passwords are hashed and how long a verified login is remembered.</summary>
    public PasswordOptions Passwords { get; init; } = new();

    /// <summary>What a change of an account does to its open sessions.</summary>
    public AccountChanges AccountChanges { get; init; } = AccountChanges.EndSessions;

    /// <summary>The name of the account that serves <c>USER anonymous</c> and <c>USER ftp</c> with any password; null, the default, lets nobody in anonymously.</summary>
    public string? AnonymousAccount { get; init; }

    /// <summary>The name of a file whose lines greet whoever changes into its directory, such as <c>.message</c>; null, the default, greets nobody. A file longer than 8 KiB is not shown.</summary>
    public string? DirectoryMessageFile { get; init; }

    /// <summary>Authorities whose client certificates may name an account by their subject. An empty list leaves thumbprints only.</summary>
    public IReadOnlyList<X509Certificate2> ClientCertificateAuthorities { get; init; } = [];

    /// <summary>Sources of logins that are asked before the stored accounts, in this order.</summary>
    public IReadOnlyList<IAuthenticator> Authenticators { get; init; } = [];

    /// <summary>Every fault of these options, one sentence each; empty if there is none.</summary>
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
