using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Contracts;

/// <summary>What every metadata store must do. An implementation's tests are a subclass that opens one. Every test ends with a check of all invariants.</summary>
public abstract partial class MetadataStoreContract : IAsyncLifetime
{
    private const string Owner = "alice";

    private static int _names;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2031, 4, 5, 6, 7, 8, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromMicroseconds(1) };

    private protected IMetadataStore Store { get; private set; } = null!;

    /// <summary>The directory of this test alone.</summary>
    private protected long Home { get; private set; }

    /// <summary>Opens a front-end on this test's database; called again, another front-end on the same.</summary>
    private protected abstract ValueTask<IMetadataStore> OpenAsync(MetadataOptions options);

    /// <summary>Opens what runs units on this test's database, for a front-end of its own.</summary>
    private protected abstract ISqlRunner OpenRunner(MetadataOptions options);

    private protected MetadataOptions Options(string name = "a") => new() { ServerName = name, Clock = new SetClock(Clock), Grace = TimeSpan.FromMinutes(10), ServerLifetime = TimeSpan.FromMinutes(1) };

    public virtual async ValueTask InitializeAsync()
    {
        Store = await OpenAsync(Options());
        TreeResult home = await Store.CreateDirectoryAsync(IMetadataTree.Root, $"home{Interlocked.Increment(ref _names)}", 0b111_101_101, Owner, Token);
        Assert.Equal(Outcome.Done, home.Outcome);
        Home = home.File!.Id;
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Store is not null)
        {
            IReadOnlyDictionary<string, long> check = await Store.CheckAsync(CancellationToken.None);
            await Store.DisposeAsync();
            Assert.NotEmpty(check);
            Assert.All(check, static x => Assert.True(x.Value == 0, $"{x.Key}: {x.Value}"));
        }
        GC.SuppressFinalize(this);
    }

    private static ObjectRow NewObject(IMetadataStore store, long length) => new(store.NewId(), length, UInt128.MaxValue - (UInt128)length, (uint)length);

    private static Extent[] Cut(IMetadataStore store, params long[] lengths)
    {
        Extent[] extents = new Extent[lengths.Length];
        long start = 0;
        for (int i = 0; i < lengths.Length; start += lengths[i++])
            extents[i] = new Extent(start, lengths[i], NewObject(store, lengths[i]));
        return extents;
    }

    private UploadPlan Plan(string name, UploadKind kind = UploadKind.Replace, FileRow? onto = null, long offset = 0, long repeats = 0) => new()
    {
        Key = Store.NewKey(),
        Directory = Home,
        Name = name,
        Owner = Owner,
        Kind = kind,
        Base = onto,
        Offset = offset,
        Repeats = repeats,
        FileMode = 0b110_100_100,
        Started = MetadataTime.Now(Clock),
    };

    private PublishRequest Request(UploadPlan plan, IReadOnlyList<Extent> extents, long? length = null) =>
        new() { Plan = plan, Extents = extents, Length = length ?? extents.Sum(static e => e.Length), ModTime = MetadataTime.Now(Clock) };

    private async Task<FileRow> StoreAsync(string name, params long[] lengths)
    {
        PublishResult result = await Store.PublishAsync(Request(Plan(name), Cut(Store, lengths)), Token);
        Assert.Equal(Outcome.Done, result.Outcome);
        return result.File!;
    }

    private async Task<FileContent> ContentAsync(string name) => await Store.ReadContentAsync(Home, name, 0, 100_000, Token) ?? throw new InvalidOperationException("No such file: " + name);

    private async Task<FileRow?> FindAsync(params string[] names)
    {
        Resolution found = await Store.ResolveAsync(Home, names, Token);
        // A row from memory has neither; what both give is compared.
        return found.Found.Count == names.Length ? found.Found[^1] with { StorKey = null, DirectoryVersion = 0 } : null;
    }

    private async Task<List<FileRow>> ListAsync(long directory)
    {
        List<FileRow> rows = [];
        await foreach (ReadOnlyMemory<FileRow> page in Store.ListAsync(directory, Token))
            rows.AddRange(page.Span);
        return rows;
    }

    private static string Map(IEnumerable<Extent> extents) => string.Join(" ", extents.Select(static e => $"{e.Start}+{e.Length}@{e.ObjectOffset}/{e.Object.Length}"));
}
