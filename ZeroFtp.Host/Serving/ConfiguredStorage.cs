using ZeroFtp.Host.Checks;
using ZeroFtp.Host.Commands;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage;
using ZeroFtp.Storage.Distributed;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Host.Serving;

/// <summary>Opens the store that the configuration names, whichever kind it is.</summary>
internal static class ConfiguredStorage
{
    /// <param name="configuration">Names the store.</param>
    /// <param name="common">The options that every store has, perhaps changed since they were read.</param>
    /// <param name="access">What the caller does with it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The loggers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">The files of an embedded store cannot be used.</exception>
    public static async ValueTask<FtpStorage> OpenAsync(
        HostConfiguration configuration, StorageOptions common, StorageAccess access, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (configuration.Distributed is { } distributed)
            return await DistributedStorage.OpenAsync(distributed with { Common = common }, access, time, loggers, cancellationToken);
        try
        {
            return await EmbeddedStorage.OpenAsync(common, access, time, loggers, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e.GetType().Assembly == typeof(File).Assembly)
        {
            // The store's own exceptions say what to do; those of the runtime do not even say what failed.
            throw new CommandException($"data: the store in {Path.GetFullPath(common.DataDirectory)} cannot be opened: {PlainText.Of(e)}; the directory has to be writable");
        }
    }

    /// <summary>The store in a few words, for the log; without secrets.</summary>
    public static string Describe(HostConfiguration configuration) => configuration.Distributed is { } distributed
        ? $"a distributed store as {distributed.Metadata.FrontEndName}"
        : Path.GetFullPath(configuration.Storage.DataDirectory);
}
