using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.Local;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Tests.Storage.Support;

/// <summary>The storage driver over SQLite and a directory, with every part at hand and each replaceable by one that fails.</summary>
internal sealed partial class StorageHarness : IAsyncDisposable
{
    private readonly TemporaryDirectory? _own;
    private readonly IObjectStore _objects;

    private StorageHarness(TemporaryDirectory? own, string path, IMetadataStore metadata, IObjectStore objects, StorageOptions options, FreeSpaceGuard? space, TimeProvider clock)
    {
        _own = own;
        _objects = objects;
        DataDirectory = path;
        Context = new StorageContext(metadata, objects, options, space, clock, NullLogger.Instance);
        Collector = new Collector(Context);
    }

    public string DataDirectory { get; }

    public string ObjectsDirectory => Path.Combine(DataDirectory, "objects");

    public StorageContext Context { get; }

    public Collector Collector { get; }

    public IMetadataStore Metadata => Context.Metadata;

    public static async Task<StorageHarness> OpenAsync(
        Func<StorageOptions, StorageOptions>? change = null,
        string? path = null,
        Func<IObjectStore, IObjectStore>? wrapObjects = null,
        Func<IMetadataStore, IMetadataStore>? wrapMetadata = null,
        Func<long>? available = null,
        TimeProvider? clock = null)
    {
        TemporaryDirectory? own = path is null ? new TemporaryDirectory() : null;
        path ??= own!.Path;
        clock ??= TimeProvider.System;
        StorageOptions options = new() { DataDirectory = path, Durability = Durability.Relaxed, GarbageGrace = TimeSpan.Zero, FreeSpaceFloorBytes = 0, MaxObjectBytes = 64 << 10, WriteBufferBytes = 16 << 10 };
        options = change?.Invoke(options) ?? options;
        SqlMetadataStore sqlite = await SqliteMetadata.OpenAsync(
            new SqliteMetadataOptions { Path = Path.Combine(path, "metadata.db"), Durability = options.Durability, Grace = TimeSpan.Zero, Clock = clock }, CancellationToken.None);
        IMetadataStore metadata = new CachedMetadataStore(sqlite, new DirectoryCacheOptions { Mode = CoherenceMode.Single }, clock);
        FreeSpaceGuard space = new(path, options.FreeSpaceFloorBytes, clock, available);
        IObjectStore objects = new LocalObjectStore(Path.Combine(path, "objects"), options.Durability, options.MaxObjectBytes, space) { VerifyReads = options.VerifyReads };
        return new StorageHarness(own, path, wrapMetadata?.Invoke(metadata) ?? metadata, wrapObjects?.Invoke(objects) ?? objects, options, space, clock);
    }

    /// <summary>A session of an account with the whole tree as its home.</summary>
    public StorageDriver Login(
        string name = "alice", FtpPermissions permissions = FtpPermissions.All, long? quotaBytes = null, long? quotaFiles = null, long home = IMetadataTree.Root, params (long Directory, FtpPermissions Permissions)[] rules) =>
        new(Context, new SessionAccount(name, home, permissions, rules.ToFrozenDictionary(rule => rule.Directory, rule => rule.Permissions), quotaBytes, quotaFiles));

    /// <summary>Collects all garbage; afterwards the store must be sound and hold nothing that nobody refers to.</summary>
    /// <summary>The id of an entry, by its path from the root.</summary>
    public async Task<long> IdAsync(string path) =>
        (await Metadata.ResolveAsync(1, path.Trim('/').Split('/'), CancellationToken.None)).Found[^1].Id;

    public async Task AssertSoundAsync(bool objects = true)
    {
        await Collector.CollectAsync(CancellationToken.None);
        CheckReport report = await new Checker(Context, new CheckOptions()).RunAsync(CancellationToken.None);
        Assert.Empty(report.Findings);
        if (objects)
            Assert.Equal(report.ObjectsChecked, CountObjects());
    }

    /// <summary>How many objects the store holds, whether anything refers to them or not.</summary>
    public long CountObjects() => _distributed?.CountObjects() ?? Directory.EnumerateFiles(ObjectsDirectory, "*", SearchOption.AllDirectories).LongCount();

    /// <summary>The file of the only object.</summary>
    public string ObjectFile() => Directory.EnumerateFiles(ObjectsDirectory, "*", SearchOption.AllDirectories).Single();

    /// <summary>Takes objects away behind the store's back; the argument is their place in the order of making. Of a distributed store all are taken.</summary>
    public void LoseObjects(Func<int, bool> which)
    {
        if (_distributed is not null)
        {
            _distributed.LoseObjects();
            return;
        }
        string[] files = [.. Directory.EnumerateFiles(ObjectsDirectory, "*", SearchOption.AllDirectories).Order()];
        foreach (string file in files.Where((_, at) => which(at)))
            File.Delete(file);
    }

    /// <summary>What a killed process would leave: the files as they are now.</summary>
    public TemporaryDirectory Snapshot()
    {
        TemporaryDirectory copy = new();
        foreach (string file in Directory.EnumerateFiles(DataDirectory, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy.Path, Path.GetRelativePath(DataDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using FileStream from = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream to = File.Create(target);
            from.CopyTo(to);
        }
        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        Collector.Dispose();
        await Metadata.DisposeAsync();
        await _objects.DisposeAsync();
        if (_distributed is not null)
            await _distributed.DisposeAsync();
        _own?.Dispose();
    }
}
