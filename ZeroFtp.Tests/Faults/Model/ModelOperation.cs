using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>One thing that a client or the upkeep does, through the code of the product. Its effect on the names, for the oracle, is <see cref="Apply"/>.</summary>
/// <param name="Text">How a failure names it.</param>
/// <param name="Names">The names that it touches; none if it changes no name.</param>
/// <param name="RunAsync">Does it.</param>
/// <param name="Apply">What the names are after it in an order of one at a time; null if it is refused then.</param>
internal sealed record ModelOperation(string Text, string[] Names, Func<ModelFront, ValueTask> RunAsync, Func<NameTree, NameTree?> Apply)
{
    public static ModelOperation Rename(string from, string to) =>
        new($"rename {from} {to}", [from, to], front => front.Driver.RenameAsync(FtpPath.Parse("/" + from), FtpPath.Parse("/" + to), CancellationToken.None), names => names.Move(from, to));

    public static ModelOperation Delete(string name) => new("delete " + name, [name], front => front.Driver.DeleteFileAsync(FtpPath.Parse("/" + name), CancellationToken.None), names => names.RemoveFile(name));

    public static ModelOperation Make(string name) => new("make " + name, [name], front => front.Driver.MakeDirectoryAsync(FtpPath.Parse("/" + name), 0b111_101_101, CancellationToken.None), names => names.Make(name));

    public static ModelOperation Remove(string name) => new("remove " + name, [name], front => front.Driver.RemoveDirectoryAsync(FtpPath.Parse("/" + name), CancellationToken.None), names => names.RemoveDirectory(name));

    /// <summary>An upload of one object, whose id is the number.</summary>
    public static ModelOperation Store(string name, long content) => new($"store {name} {content}", [name], front => front.UploadAsync(name, content, UploadKind.Replace), names => names.Store(name, $"{content}."));

    public static ModelOperation Append(string name, long content) => new($"append {name} {content}", [name], front => front.UploadAsync(name, content, UploadKind.Append), names => names.Append(name, $"{content}."));

    /// <summary>What a scrub does with an object that has lost a part.</summary>
    public static ModelOperation Repair(string name) => new("repair " + name, [], front => front.RepairAsync(name), static names => names);

    public static ModelOperation Collect() => new("collect", [], static front => front.CollectAsync(), static names => names);

    public override string ToString() => Text;
}

#pragma warning disable CA1001 // The objects of the model are rows of its database; nothing has to be disposed.
/// <summary>The code of the product on one front-end, for one actor.</summary>
internal sealed class ModelFront
#pragma warning restore CA1001
{
    private readonly IMetadataStore _store;
    private readonly ModelObjects _objects;
    private readonly StorageContext _context;

    public ModelFront(ModelWorld world, ModelRunner runner, long server)
    {
        _objects = new ModelObjects(runner);
        // The registration takes the number as its id; it is there already for all but the first.
        ServerRunner registering = new(world, server);
        SqlMetadataStore store = new(new SwitchRunner(registering, runner), new MetadataOptions { Clock = world.Clock, Grace = TimeSpan.Zero, ServerLifetime = TimeSpan.FromMinutes(1) });
        store.RegisterAsync(alone: false, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        registering.IsDone = true;
        _store = store;
        if (world.Plant is { } plant)
        {
            (_store, PlantedStore planted) = PlantedStore.Over(store);
            plant(planted, runner, world.Clock);
        }
        _context = new StorageContext(_store, _objects, new StorageOptions { DataDirectory = "/nowhere", GarbageGrace = TimeSpan.Zero, KeepPartialUploads = false }, null, world.Clock, NullLogger.Instance);
        Driver = new StorageDriver(_context, new SessionAccount("alice", IMetadataTree.Root, FtpPermissions.All, FrozenDictionary<long, FtpPermissions>.Empty, null, null));
    }

    public StorageDriver Driver { get; }

    public async ValueTask UploadAsync(string name, long content, UploadKind kind)
    {
        FileRow? onto = kind == UploadKind.Append ? (await _store.ReadContentAsync(IMetadataTree.Root, name, 0, 10, CancellationToken.None))?.File : null;
        if (onto is { IsDirectory: true })
            throw new FtpDriverException(FtpError.IsADirectory);
        UploadPlan plan = new() { Key = _store.NewKey(), Directory = IMetadataTree.Root, Name = name, Owner = "alice", Kind = kind, Base = onto, KeepPartial = false };
        ObjectRow row = new(content, 1, 1, 1, await _objects.PutAsync(content));
        PublishRequest request = new() { Plan = plan, Length = 1, Extents = [new Extent(0, 1, row)], ModTime = 0 };
        Outcome outcome;
        try
        {
            outcome = (await _store.PublishAsync(request, CancellationToken.None)).Outcome;
        }
        catch (MetadataException)
        {
            await _store.AbandonAsync(request, false, CancellationToken.None);
            throw;
        }
        if (outcome == Outcome.Done)
            return;
        await _store.AbandonAsync(request, false, CancellationToken.None);
        throw new FtpDriverException(FtpError.NotFound, outcome.ToString());
    }

    public async ValueTask RepairAsync(string name)
    {
        FileContent? content = await _store.ReadContentAsync(IMetadataTree.Root, name, 0, 10, CancellationToken.None);
        foreach (Extent extent in content?.Extents ?? [])
            await RepairRecord.RepairAsync(_store, _objects, extent.Object, extent.Object.ToStored(_objects), CancellationToken.None);
    }

    public async ValueTask CollectAsync()
    {
        using Collector collector = new(_context);
        await collector.CollectAsync(CancellationToken.None);
    }
}
