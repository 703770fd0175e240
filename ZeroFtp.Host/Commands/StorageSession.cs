using ZeroFtp.Host.Checks;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Logging;
using ZeroFtp.Host.Serving;
using ZeroFtp.Storage;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Host.Commands;

/// <summary>Opens the store that the configuration names, for one command. Only the commands that may begin a store make one: another would do its work on an empty one if a directory is mistyped.</summary>
internal static class StorageSession
{
    public static async Task<T> UseAsync<T>(ConfigurationSources sources, StorageAccess access, Func<FtpStorage, Task<T>> use, CancellationToken cancellationToken, bool mayMakeStore = false)
    {
        LoadedConfiguration loaded = ConfigurationLoader.Load(sources);
        StartCheck.Demand([.. DataDirectoryCheck.Find(loaded), .. DatabaseCheck.Find(loaded)]);
        HostConfiguration configuration = loaded.Configuration;
        if (!mayMakeStore)
            RequireStore(configuration);
        StorageOptions options = configuration.Storage with
        {
            // one command is no reason to start collecting in the background
            CollectInterval = Timeout.InfiniteTimeSpan,
            ScrubInterval = Timeout.InfiniteTimeSpan,
            WarmUpDirectories = [],
        };
        using Notices notices = new(Console.Error);
        await using FtpStorage storage = await ConfiguredStorage.OpenAsync(configuration, options, access, TimeProvider.System, notices, cancellationToken);
        return await use(storage);
    }

    /// <exception cref="CommandException">The store is an embedded one, and its directory holds none.</exception>
    public static void RequireStore(HostConfiguration configuration)
    {
        string directory = configuration.Storage.DataDirectory;
        if (configuration.Distributed is null && !EmbeddedStorage.Exists(directory))
            throw new CommandException($"there is no store in {Path.GetFullPath(directory)}");
    }
}
