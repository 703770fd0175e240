using System.Collections.Concurrent;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

/// <summary>
/// Many workers that change one tree through one or more front-ends at random, whatever happens to the database meanwhile. Small by default; <c>ZEROFTP_TORTURE_SECONDS</c> makes it as long as wanted.
/// </summary>
internal sealed class MetadataTorture(IReadOnlyList<IMetadataStore> fronts, long home, int workers, TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, byte> _written = new();
    private readonly ConcurrentDictionary<long, byte> _deleted = new();

    private long _operations;
    private long _refused;
    private long _unknown;

    /// <summary>Operations that ended with an outcome.</summary>
    public long Operations => _operations;

    /// <summary>Operations whose store gave up.</summary>
    public long Unknown => _unknown;

    public static TimeSpan Duration => TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("ZEROFTP_TORTURE_SECONDS") ?? "3", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Runs; afterwards every invariant must hold, and every object written is in a file, waits in garbage, or was deleted.</summary>
    public async Task RunAsync(int seed, TimeSpan duration, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(duration);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(w => Task.Run(() => WorkAsync(fronts[w % fronts.Count], new Random(seed + w), stop.Token), cancellationToken)));
    }

    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        IMetadataStore store = fronts[0];
        IReadOnlyDictionary<string, long> check = await store.CheckAsync(cancellationToken);
        Assert.All(check, static x => Assert.True(x.Value == 0, $"{x.Key}: {x.Value}"));
        long[] ids = [.. _written.Keys.Where(id => !_deleted.ContainsKey(id))];
        // What an operation of unknown end left may be in nobody's hands but its own.
        IReadOnlyList<long> unknown = await store.FindUnknownObjectsAsync(ids, cancellationToken);
        Assert.True(unknown.Count <= _unknown * 3, $"{unknown.Count} objects are lost, {_unknown} operations have no known end");
        Assert.True(_operations > 0);
    }

    private async Task WorkAsync(IMetadataStore store, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Outcome outcome = await StepAsync(store, random);
                Interlocked.Increment(ref _operations);
                if (outcome != Outcome.Done)
                    Interlocked.Increment(ref _refused);
            }
            catch (MetadataException fault) when (fault.Error == MetadataError.Unavailable)
            {
                Interlocked.Increment(ref _unknown);
            }
        }
    }

    private async Task<Outcome> StepAsync(IMetadataStore store, Random random)
    {
        (long directory, FileRow? entry) = await PickAsync(store, random);
        string name = $"n{random.Next(12)}";
        CancellationToken none = CancellationToken.None;
        switch (random.Next(20))
        {
            case 0 or 1:
                return (await store.CreateDirectoryAsync(directory, name, 0, "o" + random.Next(2), none)).Outcome;
            case 2:
                return (await store.CreateLinkAsync(directory, name, "t", "o" + random.Next(2), null, none)).Outcome;
            case 3 or 4 when entry is not null:
                return (await store.RenameAsync(entry, (await PickAsync(store, random)).Directory, $"n{random.Next(12)}", none)).Outcome;
            case 5 or 6:
                return (await store.DeleteFileAsync(directory, name, null, none)).Outcome;
            case 7 when entry is { IsDirectory: true }:
                return (await store.RemoveDirectoryAsync(entry, none)).Outcome;
            case 8 when entry is { IsDirectory: true } && random.Next(4) == 0:
                return (await store.RemoveTreeAsync(entry, none)).Outcome;
            case 9:
                return (await store.ChangeFactsAsync(directory, name, new FactUpdate(random.Next(), null, random.Next(512)), none)).Outcome;
            case 10:
                await UpkeepAsync(store);
                return Outcome.Done;
            default:
                return await UploadAsync(store, random, directory, name);
        }
    }

    private async Task<(long Directory, FileRow? Entry)> PickAsync(IMetadataStore store, Random random)
    {
        long directory = home;
        FileRow? entry = null;
        for (int depth = random.Next(4); depth >= 0; depth--)
        {
            Resolution found = await store.ResolveAsync(directory, new[] { $"n{random.Next(12)}" }, CancellationToken.None);
            if (found.Found.Count == 0)
                break;
            entry = found.Found[0];
            if (!entry.IsDirectory || depth == 0)
                break;
            directory = entry.Id;
        }
        return (directory, entry is not null && entry.Directory == directory ? entry : null);
    }

    private async Task UpkeepAsync(IMetadataStore store)
    {
        await store.BeatAsync(null, CancellationToken.None);
        await store.ReapAsync(CancellationToken.None);
        await store.CollectAsync(100, CancellationToken.None);
        IReadOnlyList<ObjectRow> dead = await store.TakeDeadObjectsAsync(50, TimeSpan.FromMinutes(1), CancellationToken.None);
        foreach (ObjectRow o in dead)
            _deleted[o.Id] = 0;
        await store.DeadObjectsDeletedAsync(dead, CancellationToken.None);
    }

    private async Task<Outcome> UploadAsync(IMetadataStore store, Random random, long directory, string name)
    {
        UploadKind kind = (UploadKind)random.Next(4);
        FileContent? onto = kind is UploadKind.Append or UploadKind.Overwrite ? await store.ReadContentAsync(directory, name, 0, 1_000, CancellationToken.None) : null;
        FileRow? file = onto?.File is { StorKey: not null } row ? row : null;
        long repeats = file is { Size: > 0 } && kind == UploadKind.Append && random.Next(2) == 0 ? random.NextInt64(1, Math.Min(file.Size, 5) + 1) : 0;
        UploadPlan plan = new()
        {
            Key = store.NewKey(),
            Directory = directory,
            Name = name,
            Owner = "o" + random.Next(2),
            Kind = kind,
            Base = file,
            Repeats = repeats,
            Offset = kind == UploadKind.Overwrite && file is not null ? random.NextInt64(file.Size + 1) : 0,
        };
        List<Extent> extents = [];
        long start = 0;
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            long length = random.Next(1, 30) + (start == 0 ? repeats : 0);
            extents.Add(new Extent(start, length, new ObjectRow(await store.ReserveObjectIdAsync(CancellationToken.None), length, (UInt128)start, (uint)length)));
            _written[extents[^1].Object.Id] = 0;
            start += length;
        }
        int journalled = random.Next(2) == 0 ? random.Next(extents.Count) : 0;
        PublishRequest request = new() { Plan = plan, Length = start, Extents = extents[journalled..], ModTime = MetadataTime.Now(clock), QuotaFiles = random.Next(5) == 0 ? 1_000 : null };
        try
        {
            if (journalled > 0 && !await store.JournalAsync(plan, extents[..journalled], CancellationToken.None))
            {
                await store.DiscardAsync([.. extents.Select(static e => e.Object)], CancellationToken.None);
                return Outcome.Fenced;
            }
            if (random.Next(5) != 0)
            {
                PublishResult result = await store.PublishAsync(request, CancellationToken.None);
                if (result.Outcome == Outcome.Done)
                    return Outcome.Done;
                await store.AbandonAsync(request, random.Next(2) == 0, CancellationToken.None);
                return result.Outcome;
            }
            await store.AbandonAsync(request, random.Next(4) != 0, CancellationToken.None);
            return Outcome.Done;
        }
        catch (MetadataException fault) when (fault.Error == MetadataError.Unavailable)
        {
            await store.AbandonAsync(request, true, CancellationToken.None);
            throw;
        }
    }
}
