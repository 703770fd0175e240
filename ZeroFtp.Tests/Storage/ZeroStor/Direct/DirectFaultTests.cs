using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;
using ZeroFtp.ZeroStor.ZeroDb;

namespace ZeroFtp.Tests.Storage.ZeroStor.Direct;

/// <summary>
/// Shards that are down, hung, full, emptied or damaged cost no read while enough parts are good, no write while enough shards accept parts, and nothing
/// that is another object's.
/// </summary>
public sealed class DirectFaultTests : IAsyncDisposable
{
    private readonly List<ZeroDbServer> _servers = [];
    private readonly List<ZeroStorObjectStore> _stores = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (ZeroStorObjectStore store in _stores)
            await store.DisposeAsync();
        foreach (ZeroDbServer server in _servers)
            await server.DisposeAsync();
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 0)]
    [InlineData(1, 0)]
    public async Task Content_comes_back_and_a_deletion_leaves_nothing(int data, int parity)
    {
        ZeroStorObjectStore store = Open(data + parity, direct => direct with { DataParts = data, ParityParts = parity });
        byte[] content = Octets.Make(300_000);
        StoredObject stored = await Stores.WriteAsync(store, content);
        Assert.Equal(5 * (data + parity), _servers.Sum(static server => server.Count));
        Assert.Equal(content, (await Stores.ReadAsync(store, stored)).Octets);
        Assert.Equal(ObjectState.Good, await store.CheckAsync(stored, deep: true, Token));
        Assert.Null(await store.DeleteAsync(stored.Reference, Token));
        Assert.Equal(0, _servers.Sum(static server => server.Count));
    }

    [Fact]
    public async Task A_shard_that_is_down_costs_neither_reads_nor_with_a_spare_writes()
    {
        ZeroStorObjectStore store = Open(5);
        byte[] content = Octets.Make(300_000);
        StoredObject stored = await Stores.WriteAsync(store, content);
        for (int down = 0; down < 5; down++)
        {
            store = Open(_servers, null);
            _servers[down].SetDown(true);
            Assert.Equal(content, (await Stores.ReadAsync(store, stored)).Octets);
            StoredObject second = await Stores.WriteAsync(store, content);
            Assert.Equal(content, (await Stores.ReadAsync(store, second)).Octets);
            _servers[down].SetDown(false);
        }
    }

    [Fact]
    public async Task Without_a_spare_a_write_needs_all_parts_or_the_policy()
    {
        ZeroStorObjectStore strict = Open(4);
        ZeroStorObjectStore lenient = Open(_servers, static direct => direct with { MinimumParts = 3 });
        byte[] content = Octets.Make(200_000);
        _servers[2].SetDown(true);
        FtpDriverException refused = await Assert.ThrowsAsync<FtpDriverException>(() => Stores.WriteAsync(strict, content));
        Assert.Equal(FtpError.Unavailable, refused.Error);
        Assert.Equal(0, _servers.Sum(static server => server.Count));

        StoredObject stored = await Stores.WriteAsync(lenient, content);
        Assert.Equal(content, (await Stores.ReadAsync(lenient, stored)).Octets);
        _servers[2].SetDown(false);
        Assert.Equal(ObjectState.Degraded, await lenient.CheckAsync(stored, deep: false, Token));
        StoredObject? repaired = await RetryAsync(() => lenient.RepairAsync(stored, Token));
        Assert.NotNull(repaired);
        Assert.Equal(ObjectState.Good, await lenient.CheckAsync(repaired.Value, deep: true, Token));
        // The repair wrote what was missing and nothing else: what the old reference names, the new one names too.
        Assert.Null(lenient.Subtract(stored.Reference, repaired.Value.Reference));
        Assert.Equal(4 * 4, _servers.Sum(static server => server.Count));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 0)]
    public async Task Damaged_parts_of_one_shard_cost_no_read_and_are_written_again(int data, int parity)
    {
        ZeroStorObjectStore store = Open(data + parity, direct => direct with { DataParts = data, ParityParts = parity });
        byte[] content = Octets.Make(300_000);
        for (int shard = 0; shard < data + parity; shard++)
        {
            StoredObject stored = await Stores.WriteAsync(store, content);
            _servers[shard].FlipAll();
            for (int i = 0; i < 5; i++)
                Assert.Equal(content, (await Stores.ReadAsync(store, stored)).Octets);
            Assert.Equal(ObjectState.Degraded, await store.CheckAsync(stored, deep: true, Token));
            StoredObject? repaired = await store.RepairAsync(stored, Token);
            Assert.NotNull(repaired);
            Assert.Equal(ObjectState.Good, await store.CheckAsync(repaired.Value, deep: true, Token));
            Assert.Equal(content, (await Stores.ReadAsync(store, repaired.Value)).Octets);
            Assert.Null(await store.DeleteAsync(repaired.Value.Reference, Token));
            foreach (ZeroDbServer server in _servers)
                server.Empty();
        }
    }

    [Fact]
    public async Task A_shard_that_was_emptied_gives_no_foreign_bytes_and_loses_no_foreign_parts()
    {
        ZeroStorObjectStore store = Open(4);
        byte[] old = Octets.Make(250_000, seed: 1);
        byte[] young = Octets.Make(250_000, seed: 2);
        StoredObject before = await Stores.WriteAsync(store, old);
        _servers[1].Empty();
        // Its new parts get the keys that the old reference has.
        StoredObject after = await Stores.WriteAsync(store, young);
        Assert.Equal(old, (await Stores.ReadAsync(store, before)).Octets);
        Assert.Equal(ObjectState.Degraded, await store.CheckAsync(before, deep: true, Token));
        Assert.Null(await store.DeleteAsync(before.Reference, Token));
        Assert.Equal(young, (await Stores.ReadAsync(store, after)).Octets);
        Assert.Equal(ObjectState.Good, await store.CheckAsync(after, deep: true, Token));
    }

    [Fact]
    public async Task A_deletion_with_a_shard_down_is_finished_when_it_is_back()
    {
        ZeroStorObjectStore store = Open(4);
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(150_000));
        _servers[3].SetDown(true);
        string? left = await store.DeleteAsync(stored.Reference, Token);
        Assert.NotNull(left);
        Assert.Equal(3, _servers.Sum(static server => server.Count));
        Assert.Equal(3, _servers[3].Count);
        _servers[3].SetDown(false);
        Assert.True(await RetryAsync<bool>(async () => (left = await store.DeleteAsync(left!, Token)) is null ? true : null));
        Assert.Equal(0, _servers.Sum(static server => server.Count));
    }

    [Fact]
    public async Task A_shard_that_hangs_delays_a_read_by_the_hedge_and_not_by_the_timeout()
    {
        ZeroStorObjectStore store = Open(4);
        byte[] content = Octets.Make(100_000);
        StoredObject stored = await Stores.WriteAsync(store, content);
        _servers[0].SetHung(true);
        Assert.Equal(content, (await Stores.ReadAsync(store, stored)).Octets);
        _servers[0].SetHung(false);
    }

    [Fact]
    public async Task A_degraded_object_is_read_and_repaired_without_waiting_for_shards()
    {
        _servers.AddRange(Enumerable.Range(0, 4).Select(static _ => new ZeroDbServer()));
        ZeroStorDirectOptions direct = new()
        {
            Shards = [.. _servers.Select(static server => server.Id)],
            DataParts = 3,
            ParityParts = 1,
            BlockBytes = 64 << 10,
            MinimumParts = 3,
        };
        ZeroStorObjectStore store = new(Stores.Quick() with { Direct = direct, RetryBudget = TimeSpan.FromMinutes(10) });
        _stores.Add(store);
        byte[] content = Octets.Make(100_000);
        _servers[1].SetDown(true);
        StoredObject stored = await Stores.WriteAsync(store, content);
        Assert.Equal(content, (await Stores.ReadAsync(store, stored).WithinAsync("a degraded object is read")).Octets);
        Assert.Null(await store.RepairAsync(stored, Token).AsTask().WithinAsync("a repair ends"));
        Assert.Equal(6, _servers.Sum(static server => server.Count));
    }

    [Fact]
    public async Task A_server_that_reads_nothing_more_does_not_keep_a_write()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Task<Socket> accepting = listener.AcceptAsync(Token).AsTask();
        string id = $"ns@{listener.LocalEndPoint}";
        Assert.True(ShardAddress.TryParse(id, "", out ShardAddress? address));
        Task<ZdbConnection> opening = ZdbConnection.OpenAsync(address!, Token);
        using Socket peer = await accepting;
        await peer.ReceiveAsync(new byte[256], Token);
        await peer.SendAsync("+OK\r\n"u8.ToArray(), Token);
        await using ZdbConnection connection = await opening;
        using CancellationTokenSource deadline = new(TimeSpan.FromMilliseconds(200));
        byte[] value = new byte[8 << 20];
        ReadOnlyMemory<byte>[] arguments = [.. Enumerable.Repeat<ReadOnlyMemory<byte>>(value, 8)];
        ZdbException failure = await Assert.ThrowsAsync<ZdbException>(
            () => connection.SendAsync("SET", arguments, deadline.Token).AsTask().WithinAsync("the write is given up"));
        Assert.Equal(ZdbFailure.Unreachable, failure.Failure);
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task Full_shards_are_told_as_such_and_left_as_they_were()
    {
        ZeroStorObjectStore store = Open(4);
        _servers[0].IsFull = true;
        FtpDriverException refused = await Assert.ThrowsAsync<FtpDriverException>(() => Stores.WriteAsync(store, Octets.Make(150_000)));
        Assert.Equal(FtpError.InsufficientStorage, refused.Error);
        Assert.Equal(0, _servers.Sum(static server => server.Count));
    }

    [Fact]
    public async Task Too_many_lost_parts_are_told_at_once()
    {
        ZeroStorObjectStore store = Open(4);
        StoredObject stored = await Stores.WriteAsync(store, Octets.Make(150_000));
        _servers[0].Empty();
        _servers[1].Empty();
        FtpDriverException lost = await Assert.ThrowsAsync<FtpDriverException>(() => Stores.ReadAsync(store, stored));
        Assert.IsType<ObjectDamage>(lost.InnerException);
        Assert.Equal(ObjectState.Missing, await store.CheckAsync(stored, deep: true, Token));
        Assert.Null(await store.RepairAsync(stored, Token));
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_nothing_is_stored()
    {
        _servers.AddRange(Enumerable.Range(0, 4).Select(static _ => new ZeroDbServer("right")));
        ZeroStorObjectStore store = Open(_servers, static direct => direct with { Password = "wrong" });
        FtpDriverException refused = await Assert.ThrowsAsync<FtpDriverException>(() => Stores.WriteAsync(store, Octets.Make(1_000)));
        Assert.Contains("Access denied", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _servers.Sum(static server => server.Count));
    }

    private ZeroStorObjectStore Open(int shards, Func<ZeroStorDirectOptions, ZeroStorDirectOptions>? change = null)
    {
        _servers.AddRange(Enumerable.Range(0, shards).Select(static _ => new ZeroDbServer()));
        return Open(_servers, change);
    }

    private ZeroStorObjectStore Open(IEnumerable<ZeroDbServer> servers, Func<ZeroStorDirectOptions, ZeroStorDirectOptions>? change)
    {
        ZeroStorObjectStore store = DirectStores.Open(servers, change);
        _stores.Add(store);
        return store;
    }

    /// <summary>The circuit of a shard that was down stays open for half a second.</summary>
    private static async Task<T?> RetryAsync<T>(Func<ValueTask<T?>> attempt)
        where T : struct
    {
        for (int i = 0; i < 200; i++)
        {
            if (await attempt() is { } result)
                return result;
            await Task.Delay(20, Token);
        }
        return null;
    }
}
