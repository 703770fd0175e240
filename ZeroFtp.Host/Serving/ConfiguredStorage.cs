using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage;

namespace ZeroFtp.Host.Serving;

/// <summary>Opens the store that the configuration names, whichever kind it is.</summary>
internal static class ConfiguredStorage
{
    /// <param name="configuration">Names the store.</param>
    /// <param name="common">The options that every store has, perhaps changed since they were read.</param>
    public static async ValueTask<FtpStorage> OpenAsync(HostConfiguration configuration, StorageOptions common, StorageAccess access, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        configuration.Distributed is { } distributed
            ? await DistributedStorage.OpenAsync(distributed with { Common = common }, access, time, loggers, cancellationToken)
            : await EmbeddedStorage.OpenAsync(common, access, time, loggers, cancellationToken);

    /// <summary>The store in a few words, for the log; without secrets.</summary>
    public static string Describe(HostConfiguration configuration) => configuration.Distributed is { } distributed
        ? $"a distributed store as {distributed.Metadata.FrontEndName}"
        : Path.GetFullPath(configuration.Storage.DataDirectory);
}
