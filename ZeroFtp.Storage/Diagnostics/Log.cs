using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ZeroFtp.Storage.Diagnostics;

/// <summary>The log messages of the storage: events 3000 to 3999.</summary>
internal static partial class Log
{
    /// <summary>The category of the metadata's messages; the program's commands show its warnings.</summary>
    public static ILogger CreateMetadataLogger(ILoggerFactory? factory) => (factory ?? NullLoggerFactory.Instance).CreateLogger("ZeroFtp.Storage.Metadata");

    [LoggerMessage(3001, LogLevel.Warning, "{Count} objects of an abandoned upload could not be recorded as garbage; the next start or check finds them.")]
    public static partial void GarbageNotRecorded(this ILogger logger, int count, Exception exception);

    [LoggerMessage(3002, LogLevel.Debug, "The last bytes of an interrupted upload could not be saved.")]
    public static partial void RestNotSaved(this ILogger logger, Exception exception);

    [LoggerMessage(3003, LogLevel.Warning, "The object {Reference} could not be deleted; retrying later.")]
    public static partial void DeletionFailed(this ILogger logger, string reference, Exception exception);

    [LoggerMessage(3004, LogLevel.Warning, "Garbage collection failed; retrying later.")]
    public static partial void CollectionFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3005, LogLevel.Information, "Recovered from an unclean shutdown: {Uploads} uploads ended, {Partials} of them left a partial file.")]
    public static partial void Recovered(this ILogger logger, long uploads, long partials);

    [LoggerMessage(3006, LogLevel.Warning, "The object {Old} was repaired and is now {New}.")]
    public static partial void ObjectRepaired(this ILogger logger, string old, string @new);

    [LoggerMessage(3007, LogLevel.Warning, "The new location of the repaired object {Reference} could not be recorded.")]
    public static partial void RepairNotRecorded(this ILogger logger, string reference, Exception exception);

    [LoggerMessage(3009, LogLevel.Warning, "There is no directory {Directory} to load into memory.")]
    public static partial void NothingToWarm(this ILogger logger, string directory);

    [LoggerMessage(3010, LogLevel.Warning, "The directory {Directory} could not be loaded into memory.")]
    public static partial void NotWarmed(this ILogger logger, string directory, Exception exception);

    [LoggerMessage(3011, LogLevel.Warning, "The object {Reference} of {Path} is damaged: its content is not what was stored. Appended bytes went into a separate object.")]
    public static partial void DamageNotRepeated(this ILogger logger, string reference, string path);

    [LoggerMessage(3013, LogLevel.Error, "The disk with {Directory} is full: nothing is stored until files are deleted. Files can be deleted, or replaced by shorter ones.")]
    public static partial void DiskFull(this ILogger logger, string? directory);

    [LoggerMessage(3014, LogLevel.Information, "The disk with {Directory} has free space again.")]
    public static partial void DiskHasRoom(this ILogger logger, string? directory);

    [LoggerMessage(3030, LogLevel.Information, "[{Session}] login of {User} revoked: {Reason}")]
    public static partial void LoginRevoked(this ILogger logger, long session, string user, string reason);

    [LoggerMessage(3031, LogLevel.Warning, "Changes of accounts cannot be read; until they can, open sessions keep rights that a change has taken away.")]
    public static partial void AccountChangesUnknown(this ILogger logger, Exception exception);

    [LoggerMessage(3015, LogLevel.Warning, "The database refuses connections: {Reason} Operations wait for it, each for its own timeout.")]
    public static partial void DatabaseAway(this ILogger logger, string reason);

    [LoggerMessage(3016, LogLevel.Information, "The database answers again, after {Milliseconds} ms.")]
    public static partial void DatabaseBack(this ILogger logger, long milliseconds);

    [LoggerMessage(3017, LogLevel.Warning, "Another front-end is migrating the schema of the database; waiting for it.")]
    public static partial void WaitsForMigration(this ILogger logger);

    [LoggerMessage(3018, LogLevel.Warning, "The schema of the database must be migrated, but another process uses the data directory; waiting for it.")]
    public static partial void WaitsForDirectory(this ILogger logger);

    [LoggerMessage(3008, LogLevel.Error, "Another server declared this one dead; its running uploads are lost.")]
    public static partial void TakenForDead(this ILogger logger);
}
