using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of the store and of passwords.</summary>
internal static class StorageBinder
{
    public static StorageOptions Bind(ConfigurationReader reader, string data, StorageKind kind)
    {
        StorageOptions defaults = new() { DataDirectory = data };
        long maxFile = reader.Size("storage:maxFileBytes", 0, "The longest file; 0: no limit.");
        TimeSpan collect = reader.Time("storage:collectInterval", defaults.CollectInterval,
            "How often content that nothing refers to is looked for; 0s: only by zeroftp gc.");
        TimeSpan scrub = reader.Time("storage:scrubInterval", defaults.ScrubInterval,
            "How often all content is read and compared with its hashes, and what lost redundancy repaired; one of several front-ends does it; 0s: only by zeroftp scrub.");
        StorageOptions options = defaults with
        {
            Durability = reader.Choice("durability", defaults.Durability, "full: 226 means on disk; relaxed: 226 means handed to the operating system."),
            FreeSpaceFloorBytes = reader.Size("storage:freeSpaceFloorBytes", defaults.FreeSpaceFloorBytes,
                "Free space of the disk below which uploads are refused."),
            ReserveBytes = reader.Size("storage:reserveBytes", defaults.ReserveBytes,
                "Room that a file keeps on the disk of an embedded store for deleting when the disk is full; 0: none."),
            MaxObjectBytes = reader.Size("storage:maxObjectBytes", defaults.MaxObjectBytes, "The longest object; a longer file becomes several."),
            WriteBufferBytes = (int)Math.Min(int.MaxValue, reader.Size("storage:writeBufferBytes", defaults.WriteBufferBytes,
                "How much of an upload is gathered for one write to its file.")),
            UploadWindowBytes = (int)Math.Min(int.MaxValue, reader.Size("storage:uploadWindowBytes", defaults.UploadWindowBytes,
                "How much of one upload may be on its way to 0-stor at the same time.")),
            DownloadWindowBytes = (int)Math.Min(int.MaxValue, reader.Size("storage:downloadWindowBytes", defaults.DownloadWindowBytes,
                "How much of one download may be fetched ahead from 0-stor.")),
            VerifyReads = reader.Choice("storage:verifyReads", defaults.VerifyReads,
                "When content of an embedded store that is sent without passing through memory (clear, TYPE I) is compared with its hash: always, firstRead (since the start, since its file was written, or from the disk again) or never."),
            MaxFileBytes = maxFile == 0 ? null : maxFile,
            MaxFileExtents = reader.Number("storage:maxFileExtents", defaults.MaxFileExtents, 16, 10_000_000,
                "Pieces that a file may have beyond the whole objects that its length needs; COMB, SITE CPTO and writing into a file are refused beyond that."),
            KeepPartialUploads = reader.Flag("storage:keepPartialUploads", defaults.KeepPartialUploads,
                "Whether what arrived of an interrupted upload to a new name is kept for resuming."),
            GarbageGrace = reader.Time("storage:garbageGrace", StorageOptions.DefaultGarbageGrace(kind == StorageKind.Distributed),
                "How long content is kept at least after its last name went, in case clocks are wrong; running downloads keep what they read. 10m if nothing is set and the store is distributed."),
            CollectInterval = collect == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : collect,
            ScrubInterval = scrub == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : scrub,
            ScrubBytesPerSecond = reader.Size("storage:scrubBytesPerSecond", defaults.ScrubBytesPerSecond,
                "How much a scrub reads a second; 0: as much as it can."),
            WarmUpDirectories = reader.Texts("storage:warmUpDirectories", [],
                "Directories of the whole tree that are loaded into memory after the start, such as /pub."),
            WarmUpDepth = reader.Number("storage:warmUpDepth", defaults.WarmUpDepth, 0, 100, "How many levels below storage:warmUpDirectories are loaded too."),
            DirectoryCacheBytes = reader.Size("storage:directoryCacheBytes", defaults.DirectoryCacheBytes, "Memory for cached directories."),
            MaxLinkDepth = reader.Number("storage:maxLinkDepth", defaults.MaxLinkDepth, 0, 255, "Symbolic links that one path may pass through."),
            AccountChanges = reader.Choice("storage:accountChanges", defaults.AccountChanges,
                "What a changed account does to its open sessions: endSessions: those that lose a right, the password or the account end within a second; never: they go on."),
            AnonymousAccount = reader.OptionalText("storage:anonymousAccount",
                "The account that serves USER anonymous and USER ftp with any password; empty: nobody gets in anonymously."),
            DirectoryMessageFile = reader.OptionalText("storage:directoryMessageFile",
                "The name of a file whose lines are shown by CWD into its directory, such as .message; empty: none."),
            Passwords = BindPasswords(reader, defaults.Passwords),
        };
        OptionFaults.Report(reader, options.Validate(), PropertyPlace);
        return options;
    }

    private static string PropertyPlace(string property) => property switch
    {
        nameof(StorageOptions.DataDirectory) => "data",
        nameof(StorageOptions.Durability) => "durability",
        _ when property.Contains('.', StringComparison.Ordinal) => property,
        _ => "Storage." + property,
    };

    private static PasswordOptions BindPasswords(ConfigurationReader reader, PasswordOptions defaults) => new()
    {
        Scheme = reader.Choice("passwords:scheme", defaults.Scheme, "How new passwords are hashed: pbkdf2Sha512 or argon2Id."),
        Pbkdf2Iterations = reader.Number("passwords:pbkdf2Iterations", defaults.Pbkdf2Iterations, 1_000, 100_000_000, "Iterations of PBKDF2."),
        Argon2MemoryKib = reader.Number("passwords:argon2MemoryKib", defaults.Argon2MemoryKib, 1 << 10, 4 << 20, "Memory of Argon2id in KiB."),
        Argon2Passes = reader.Number("passwords:argon2Passes", defaults.Argon2Passes, 1, 1_000, "Passes of Argon2id."),
        MaxConcurrentHashes = reader.Number("passwords:maxConcurrentHashes", 0, 0, 1_024,
            "Passwords hashed at the same time; 0: half as many as there are processors.") is > 0 and var count
            ? count
            : defaults.MaxConcurrentHashes,
        MaxWaiting = reader.Number("passwords:maxWaiting", defaults.MaxWaiting, 1, 1_000_000,
            "Passwords that wait to be hashed; when as many wait, the client with the most loses one, answered 421."),
        MaxWait = reader.Time("passwords:maxWait", defaults.MaxWait, "How long a password waits to be hashed before its login is answered 421."),
        RememberFor = reader.Time("passwords:rememberFor", defaults.RememberFor,
            "How long a verified login is remembered, so that the next one costs no hashing; 0s: not at all."),
        RememberAtMost = reader.Number("passwords:rememberAtMost", defaults.RememberAtMost, 0, 10_000_000, "Verified logins remembered at most."),
    };
}
