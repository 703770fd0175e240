using System.Buffers;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.Local;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Storage.Objects.Local;

public sealed class LocalObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    private string Root => Path.Combine(_directory.Path, "objects");

    private protected override ValueTask<IObjectStore> OpenStoreAsync() => ValueTask.FromResult<IObjectStore>(Open());

    private LocalObjectStore Open(Durability durability = Durability.Full, Action<string>? syncDirectory = null, Func<long>? available = null, long floor = 0) =>
        new(Root, durability, 1 << 30, new FreeSpaceGuard(_directory.Path, floor, TimeProvider.System, available), syncDirectory);

    [Fact]
    public async Task Only_the_owner_can_read_anything()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        await using LocalObjectStore store = Open();
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(10)));
        string path = Path.Combine(Root, stored.Reference);
        const UnixFileMode forOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#pragma warning disable CA1416 // The line above asks.
        Assert.Equal(forOwner, File.GetUnixFileMode(path));
        Assert.Equal(forOwner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal(forOwner | UnixFileMode.UserExecute, File.GetUnixFileMode(Root));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task A_new_directory_is_synced_in_the_root_and_then_itself()
    {
        List<string> synced = [];
        await using LocalObjectStore store = Open(syncDirectory: path =>
        {
            lock (synced)
                synced.Add(path);
        });
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(10)));
        Assert.Equal([Root, Path.GetDirectoryName(Path.Combine(Root, stored.Reference))!], synced);
    }

    [Fact]
    public async Task An_object_whose_directory_cannot_be_synced_is_not_complete()
    {
        bool fails = false;
        await using LocalObjectStore store = Open(syncDirectory: _ =>
        {
            if (fails)
                throw new IOException("The device is gone.");
        });
        await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(10)));
        fails = true;
        FtpDriverException exception = await Assert.ThrowsAsync<FtpDriverException>(() => WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(10))));
        Assert.Equal(FtpError.Unavailable, exception.Error);
        Assert.Single(await store.ListAsync(Token).ToListAsync(Token));
    }

    [Theory]
    [InlineData(Durability.Full)]
    [InlineData(Durability.Relaxed)]
    public async Task A_root_that_is_gone_is_not_made_again(Durability durability)
    {
        await using LocalObjectStore store = Open(durability);
        await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(10)));
        Directory.Move(Root, Root + ".gone");
        foreach (long id in (long[])[1, 1, 5_000])
        {
            FtpDriverException exception = await Assert.ThrowsAsync<FtpDriverException>(async () => await store.CreateAsync(store.ReferenceFor(id), null, Token));
            Assert.Equal(FtpError.Unavailable, exception.Error);
        }
        Assert.False(Directory.Exists(Root));
        Directory.Move(Root + ".gone", Root);
        await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(10)));
    }

    [Fact]
    public async Task Relaxed_syncs_nothing()
    {
        await using LocalObjectStore store = Open(Durability.Relaxed, _ => Assert.Fail("A directory was synced."));
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(10)));
        await store.DeleteAsync(stored.Reference, Token);
        await store.FlushDeletionsAsync(Token);
    }

    [Fact]
    public async Task The_floor_of_free_space_is_kept()
    {
        await using LocalObjectStore store = Open(available: () => 1_000_000, floor: 900_000);
        await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(60_000)));
        FtpDriverException exception = await Assert.ThrowsAsync<FtpDriverException>(() => WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(200_000))));
        Assert.Equal(FtpError.InsufficientStorage, exception.Error);
        Assert.Single(await store.ListAsync(Token).ToListAsync(Token));
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("000/../../x")]
    [InlineData("000/0123456789abcdef\n")]
    [InlineData("/etc/passwd")]
    [InlineData("400/0123456789abcdef")]
    [InlineData("")]
    public async Task A_reference_from_elsewhere_never_becomes_a_path(string reference)
    {
        await using LocalObjectStore store = Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.OpenAsync(new StoredObject(reference, 1, default), 0, 1, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.DeleteAsync(reference, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CreateAsync(reference, null, Token));
    }

    [Fact]
    public async Task Damage_is_found()
    {
        await using LocalObjectStore store = Open();
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(5_000)));
        string path = Path.Combine(Root, stored.Reference);
        byte[] bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[2_500] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);
        Assert.Equal(ObjectState.Good, await store.CheckAsync(stored, deep: false, Token));
        Assert.Equal(ObjectState.Corrupt, await store.CheckAsync(stored, deep: true, Token));
        await File.WriteAllBytesAsync(path, bytes[..4_999], Token);
        Assert.Equal(ObjectState.Corrupt, await store.CheckAsync(stored, deep: false, Token));
        FtpDriverException exception = await Assert.ThrowsAsync<FtpDriverException>(() => ReadAsync(store, stored, 0, 5_000));
        Assert.Equal(FtpError.Unavailable, exception.Error);
    }

    [Fact]
    public async Task A_reader_keeps_what_was_deleted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps the name until the last handle is closed.");
        await using LocalObjectStore store = Open();
        byte[] bytes = Octets.Make(300_000);
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(bytes));
        await using IObjectReader reader = await store.OpenAsync(stored, 0, stored.Length, Token);
        await store.DeleteAsync(stored.Reference, Token);
        IFileObjectReader file = Assert.IsAssignableFrom<IFileObjectReader>(reader);
        using MemoryStream read = new();
        while (await file.NextRegionAsync(Token) is FileRegion region)
        {
            byte[] buffer = new byte[region.Length];
            region.File.Position = region.Offset;
            await region.File.ReadExactlyAsync(buffer, Token);
            read.Write(buffer);
        }
        Assert.Equal(bytes, read.ToArray());
    }
}
