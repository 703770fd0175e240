namespace ZeroFtp.Storage.Metadata.Cache;

internal sealed partial class CachedMetadataStore
{
    public async ValueTask<TreeResult> CreateDirectoryAsync(long directory, string name, int mode, string owner, CancellationToken cancellationToken) =>
        Patch(directory, await GuardAsync(directory, store.CreateDirectoryAsync(directory, name, mode, owner, cancellationToken)).ConfigureAwait(false));

    public async ValueTask<TreeResult> CreateLinkAsync(long directory, string name, string target, string owner, long? quotaFiles,
        CancellationToken cancellationToken) =>
        Patch(directory, await GuardAsync(directory,
            store.CreateLinkAsync(directory, name, target, owner, quotaFiles, cancellationToken)).ConfigureAwait(false));

    public async ValueTask<TreeResult> ChangeFactsAsync(long directory, string name, FactUpdate update, CancellationToken cancellationToken) =>
        Patch(directory, await GuardAsync(directory, store.ChangeFactsAsync(directory, name, update, cancellationToken)).ConfigureAwait(false));

    public async ValueTask<TreeResult> DeleteFileAsync(long directory, string name, FileRow? exactly, CancellationToken cancellationToken) =>
        PatchAway(directory, name, await GuardAsync(directory, store.DeleteFileAsync(directory, name, exactly, cancellationToken)).ConfigureAwait(false));

    public async ValueTask<TreeResult> RemoveDirectoryAsync(FileRow entry, CancellationToken cancellationToken) =>
        PatchAway(entry.Directory, entry.Name, await GuardAsync(entry.Directory, store.RemoveDirectoryAsync(entry, cancellationToken)).ConfigureAwait(false));

    public async ValueTask<TreeResult> RemoveTreeAsync(FileRow entry, CancellationToken cancellationToken) =>
        PatchAway(entry.Directory, entry.Name, await GuardAsync(entry.Directory, store.RemoveTreeAsync(entry, cancellationToken)).ConfigureAwait(false));

    public async ValueTask<TreeResult> RenameAsync(FileRow source, long directory, string name, CancellationToken cancellationToken)
    {
        TreeResult result;
        try
        {
            result = await store.RenameAsync(source, directory, name, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _cache.Forget(source.Directory);
            _cache.Forget(directory);
            _cache.ForgetFacts();
            throw;
        }
        if (source.IsDirectory)
            _cache.ForgetFacts();
        if (result.Outcome != Outcome.Done)
            return result;
        if (result.DirectoryVersion == 0 || result.File is not { } file)
        {
            // An earlier attempt whose answer was lost did this, so the current state is unknown.
            _cache.Forget(source.Directory);
            _cache.Forget(directory);
            return result;
        }
        if (source.Directory == directory)
        {
            _cache.Apply(directory, result.DirectoryVersion, d => d.Without(source.Name, result.DirectoryVersion).With(file, result.DirectoryVersion));
            return result;
        }
        _cache.Apply(source.Directory, result.DirectoryVersion, d => d.Without(source.Name, result.DirectoryVersion));
        _cache.Apply(directory, result.TargetVersion, d => d.With(file, result.TargetVersion));
        return result;
    }

    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        long directory = request.Plan.Directory;
        PublishResult result;
        try
        {
            result = await GuardAsync(directory, store.PublishAsync(request, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            foreach (FileRow part in request.Parts)
            {
                if (part.Directory != directory)
                    _cache.Forget(part.Directory);
            }
        }
        if (result.Outcome == Outcome.Done)
            Put(directory, result.File, result.DirectoryVersion, request.Parts);
        return result;
    }

    public async ValueTask<AbandonResult> AbandonAsync(PublishRequest request, bool keepPartial, CancellationToken cancellationToken)
    {
        long directory = request.Plan.Directory;
        AbandonResult result = await GuardAsync(directory, store.AbandonAsync(request, keepPartial, cancellationToken)).ConfigureAwait(false);
        if (result.Kept)
            Put(directory, result.File, result.DirectoryVersion);
        return result;
    }

    public async ValueTask<ReapResult> ReapAsync(CancellationToken cancellationToken)
    {
        ReapResult result = await store.ReapAsync(cancellationToken).ConfigureAwait(false);
        if (result.Partials > 0)
            _cache.Clear();
        return result;
    }

    private TreeResult Patch(long directory, TreeResult result)
    {
        if (result.File is { IsDirectory: true })
            _cache.ForgetFacts();
        if (result.Outcome == Outcome.Done)
            Put(directory, result.File, result.DirectoryVersion);
        return result;
    }

    private TreeResult PatchAway(long directory, string name, TreeResult result)
    {
        if (result.Outcome != Outcome.Done)
            return result;
        _cache.Apply(directory, result.DirectoryVersion, d => d.Without(name, result.DirectoryVersion));
        if (result.File is { IsDirectory: true } gone)
            _cache.Forget(gone.Id);
        return result;
    }

    private void Put(long directory, FileRow? file, long version, IReadOnlyList<FileRow>? gone = null)
    {
        if (file is null || version == 0)
            _cache.Forget(directory);
        else if (gone is null or { Count: 0 })
            _cache.Apply(directory, version, d => d.With(file, version));
        else
            _cache.Apply(directory, version, d =>
                gone.Where(part => part.Directory == directory).Aggregate(d, (x, part) => x.Without(part.Name, version)).With(file, version));
    }

    // The effect of a failed write is unknown: read the directory again.
    private async ValueTask<T> GuardAsync<T>(long directory, ValueTask<T> write)
    {
        try
        {
            return await write.ConfigureAwait(false);
        }
        catch
        {
            _cache.Forget(directory);
            _cache.ForgetFacts();
            throw;
        }
    }
}
