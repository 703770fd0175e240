using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage;

namespace ZeroFtp.Host.Commands;

/// <summary>Opens the store that the configuration names, for one command.</summary>
internal static class StorageSession
{
    public static async Task<T> UseAsync<T>(ConfigurationSources sources, StorageAccess access, Func<EmbeddedStorage, Task<T>> use, CancellationToken cancellationToken)
    {
        StorageOptions options = ConfigurationLoader.Load(sources).Configuration.Storage with
        {
            // one command is no reason to start collecting in the background
            CollectInterval = Timeout.InfiniteTimeSpan,
        };
        await using EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(options, access, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
        return await use(storage);
    }
}
