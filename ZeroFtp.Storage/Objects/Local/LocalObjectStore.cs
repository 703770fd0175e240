using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>Stores objects as files below one directory, readable by their owner only.</summary>
internal sealed class LocalObjectStore : IObjectStore, IObjectListing
{
    private readonly ObjectNames _names;
    private readonly FreeSpaceGuard _space;
    private readonly SyncPool? _syncs;
    private readonly ConcurrentDictionary<string, Task> _directories = new(StringComparer.Ordinal);
    private readonly VerifiedObjects _verified = new();
    private readonly HashSet<string> _unsynced = new(StringComparer.Ordinal);

    public LocalObjectStore(string root, Durability durability, long maxObjectLength, FreeSpaceGuard space, Action<string>? syncDirectory = null)
    {
        _names = new ObjectNames(root);
        _space = space;
        MaxObjectLength = maxObjectLength;
        _syncs = durability == Durability.Full ? new SyncPool(SyncThreads, syncDirectory) : null;
        PrivateFiles.CreateDirectory(root);
    }

    /// <summary>ext4 merges concurrent syncs of several files into one journal commit, so a few at a time are faster than one.</summary>
    private const int SyncThreads = 8;

    public DiskPace Pace { get; init; } = new();

    /// <summary>When content that is sent straight from its file to the socket is verified against its hash.</summary>
    public VerifyReads VerifyReads { get; init; } = VerifyReads.FirstRead;

    public long MaxObjectLength { get; }

    public bool CallerNamesObjects => true;

    public bool IsRemote => false;

    public string ReferenceFor(long id) => ObjectNames.ReferenceOf(id);

    public ValueTask<IObjectWriter> CreateAsync(string? reference, long? expectedLength, CancellationToken cancellationToken) =>
        CreateAsync(reference, expectedLength, 0, cancellationToken);

    public async ValueTask<IObjectWriter> CreateAsync(string? reference, long? expectedLength, long replaced, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        string path = _names.PathOf(reference);
        await Pace.EnterAsync();
        try
        {
            if (replaced == 0)
                _space.Take(0);
            FileStream file;
            try
            {
                file = await CreateFileAsync(path).ConfigureAwait(false);
            }
            catch (IOException exception) when (replaced > 0 && IoFailure.IsFull(exception) && _space.Reserve?.Release(forDatabase: false) == true)
            {
                file = await CreateFileAsync(path).ConfigureAwait(false);
            }
            return new LocalObjectWriter(reference, path, file, _space, replaced, _syncs, Pace);
        }
        catch (DirectoryNotFoundException exception)
        {
            _directories.Clear();
            throw IoFailure.Translate(exception);
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
    }

    public async ValueTask<IObjectReader> OpenAsync(StoredObject stored, long offset, long length, CancellationToken cancellationToken)
    {
        await Pace.EnterAsync();
        using DiskPace.Watch watch = Pace.Begin();
        FileStream? file = null;
        try
        {
            file = PrivateFiles.OpenRead(_names.PathOf(stored.Reference));
            if (file.Length < stored.Length)
                throw ObjectDamage.Of(stored.Reference, ObjectState.Corrupt);
            LocalObjectReader reader = new(file, stored, offset, length, VerifyReads, _verified, Pace);
            reader.Touch();
            return reader;
        }
        catch (Exception exception) when (exception is FtpDriverException || IoFailure.IsExpected(exception))
        {
            file?.Dispose();
            throw exception is FileNotFoundException or DirectoryNotFoundException ? ObjectDamage.Of(stored.Reference, ObjectState.Missing)
                : IoFailure.Translate(exception);
        }
    }

    public ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        _verified.Remove(reference);
        try
        {
            File.Delete(_names.PathOf(reference));
            if (_syncs is not null)
            {
                lock (_unsynced)
                    _unsynced.Add(_names.DirectoryOf(reference));
            }
        }
        catch (DirectoryNotFoundException)
        {
            return ValueTask.FromResult<string?>(null);
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
        return ValueTask.FromResult<string?>(null);
    }

    public async ValueTask FlushDeletionsAsync(CancellationToken cancellationToken)
    {
        string[] directories;
        lock (_unsynced)
        {
            directories = [.. _unsynced];
            _unsynced.Clear();
        }
        try
        {
            foreach (string directory in directories)
                await _syncs!.SyncDirectoryAsync(directory).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
    }

    public async ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken)
    {
        try
        {
            string path = _names.PathOf(stored.Reference);
            FileInfo file = new(path);
            if (!file.Exists)
                return ObjectState.Missing;
            if (file.Length != stored.Length)
                return ObjectState.Corrupt;
            if (!deep)
                return ObjectState.Good;
            long writtenAt = file.LastWriteTimeUtc.Ticks;
            if (await LocalHash.ComputeAsync(path, cancellationToken).ConfigureAwait(false) != stored.Hash)
            {
                _verified.Remove(stored.Reference);
                return ObjectState.Corrupt;
            }
            if (stored.Length > LocalObjectReader.SmallLength)
                _verified.Add(stored.Reference, writtenAt);
            return ObjectState.Good;
        }
        catch (FileNotFoundException)
        {
            return ObjectState.Missing;
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
    }

    /// <summary>Returns null: there is only one copy, so nothing to restore from.</summary>
    public ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken) => ValueTask.FromResult<StoredObject?>(null);

    public async IAsyncEnumerable<ListedObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (ListedObject listed in List(_names.Root))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return listed;
        }
    }

    /// <summary>True if there is any object below that directory, which need not exist.</summary>
    public static bool HoldsAny(string root) => Directory.Exists(root) && List(root).Any();

    public ValueTask DisposeAsync()
    {
        _syncs?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<ListedObject> List(string root)
    {
        foreach (DirectoryInfo directory in new DirectoryInfo(root).EnumerateDirectories())
        {
            if (!ObjectNames.IsDirectoryName(directory.Name))
                continue;
            foreach (FileInfo file in directory.EnumerateFiles())
            {
                string reference = directory.Name + "/" + file.Name;
                if (ObjectNames.TryGetId(reference, out long id))
                    yield return new ListedObject(id, reference, file.Length, file.LastWriteTimeUtc);
            }
        }
    }

    private async ValueTask<FileStream> CreateFileAsync(string path)
    {
        await EnsureDirectoryAsync(Path.GetDirectoryName(path)!).ConfigureAwait(false);
        using DiskPace.Watch watch = Pace.Begin();
        return PrivateFiles.CreateNew(path);
    }

    /// <summary>
    /// Creates a directory, and syncs its entry in the root, once in the life of the process. Everyone waits for that, so the entry is durable before the first
    /// object in the directory is.
    /// </summary>
    private async ValueTask EnsureDirectoryAsync(string directory)
    {
        Task made = _directories.GetOrAdd(directory, static (path, store) => store.MakeDirectoryAsync(path), this);
        if (made.IsCompletedSuccessfully)
            return;
        try
        {
            await made.ConfigureAwait(false);
        }
        catch
        {
            _directories.TryRemove(new KeyValuePair<string, Task>(directory, made));
            throw;
        }
    }

    private async Task MakeDirectoryAsync(string directory)
    {
        await Task.Yield();
        // Never create the root: if it is gone, so is the database that would refer to the objects below a new one.
        NativeDirectory.Create(directory);
        if (_syncs is not null)
            await _syncs.SyncDirectoryAsync(_names.Root).ConfigureAwait(false);
    }
}
