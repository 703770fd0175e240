using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>Loads directories into memory while the server is already serving, so that the first clients find them there.</summary>
internal sealed class DirectoryWarmUp : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StorageContext _context;

    public DirectoryWarmUp(StorageContext context)
    {
        _context = context;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Completes when everything is loaded or cannot be. Never fails.</summary>
    public Task Completion { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        if (_context.Metadata is not CachedMetadataStore cached)
            return;
        foreach (string directory in _context.Options.WarmUpDirectories)
        {
            try
            {
                string[] names = directory.Split('/', StringSplitOptions.RemoveEmptyEntries);
                IReadOnlyList<FileRow> found = names.Length == 0 ? [] : (await cached.ResolveAsync(IMetadataTree.Root, names, _stop.Token).ConfigureAwait(false)).Found;
                if (found.Count < names.Length || (names.Length > 0 && !found[^1].IsDirectory))
                    _context.Logger.NothingToWarm(directory);
                else
                    await cached.WarmAsync(names.Length == 0 ? IMetadataTree.Root : found[^1].Id, _context.Options.WarmUpDepth, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (MetadataException exception)
            {
                _context.Logger.NotWarmed(directory, exception);
            }
        }
    }
}
