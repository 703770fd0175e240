using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>Translates outcomes and failures of the metadata store into what a driver may report.</summary>
internal static class StorageFailure
{
    public static FtpDriverException Of(MetadataException exception) => new(
        exception.Error switch
        {
            MetadataError.Full => FtpError.InsufficientStorage,
            MetadataError.NotFound => FtpError.NotFound,
            _ => FtpError.Unavailable,
        },
        exception.Message,
        exception);

    public static FtpDriverException Of(Outcome outcome) => new(outcome switch
    {
        Outcome.NotFound => FtpError.NotFound,
        Outcome.AlreadyExists => FtpError.AlreadyExists,
        Outcome.IsDirectory => FtpError.IsADirectory,
        Outcome.NotDirectory => FtpError.NotADirectory,
        Outcome.NotEmpty => FtpError.NotEmpty,
        Outcome.IntoItself => FtpError.NameNotAllowed,
        Outcome.Busy => FtpError.NotPossible,
        Outcome.Conflict => FtpError.Busy,
        Outcome.QuotaExceeded => FtpError.QuotaExceeded,
        _ => FtpError.Unavailable,
    });

    /// <summary>Passes a result on, and translates a failure of the metadata store.</summary>
    public static ValueTask<T> Translate<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task : TranslateSlow(task);

    public static ValueTask Translate(ValueTask task) => task.IsCompletedSuccessfully ? task : TranslateSlow(task);

    private static async ValueTask<T> TranslateSlow<T>(ValueTask<T> task)
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        catch (MetadataException exception)
        {
            throw Of(exception);
        }
    }

    private static async ValueTask TranslateSlow(ValueTask task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (MetadataException exception)
        {
            throw Of(exception);
        }
    }
}
