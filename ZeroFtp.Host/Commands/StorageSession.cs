using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Serving;
using ZeroFtp.Storage;

namespace ZeroFtp.Host.Commands;

/// <summary>Opens the store that the configuration names, for one command.</summary>
internal static class StorageSession
{
    public static async Task<T> UseAsync<T>(ConfigurationSources sources, StorageAccess access, Func<FtpStorage, Task<T>> use, CancellationToken cancellationToken)
    {
        HostConfiguration configuration = ConfigurationLoader.Load(sources).Configuration;
        StorageOptions options = configuration.Storage with
        {
            // one command is no reason to start collecting in the background
            CollectInterval = Timeout.InfiniteTimeSpan,
            ScrubInterval = Timeout.InfiniteTimeSpan,
            WarmUpDirectories = [],
        };
        await using FtpStorage storage = await ConfiguredStorage.OpenAsync(configuration, options, access, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
        return await use(storage);
    }
}
