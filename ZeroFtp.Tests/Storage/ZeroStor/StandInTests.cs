using Google.Protobuf;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.ZeroStor;
using ZeroFtp.ZeroStor.Shards;
using FileMetadata = ZeroFtp.Storage.Objects.ZeroStor.Schema.Metadata;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>The stand-in answers as the real daemon was seen to.</summary>
public sealed class StandInTests
{
    private static readonly ByteString Key = ByteString.CopyFromUtf8("a name");

    [Theory]
    [InlineData(4, 1)]
    [InlineData(7, 3)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    public async Task Any_k_shards_give_the_octets_back(int shards, int parity)
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { Shards = shards, Parity = parity, BlockSize = 10_000 });
        using RawDaemon daemon = new(standIn.Address);
        byte[] bytes = Octets.Make(31_234);
        DataWriteResponse written = await WriteAsync(daemon, bytes);
        for (int mask = 0; mask < 1 << shards; mask++)
        {
            for (int shard = 0; shard < shards; shard++)
                standIn.Shards.SetDown(shard, (mask & (1 << shard)) != 0);
            if (int.PopCount(mask) <= (parity == 0 ? shards - 1 : parity))
                Assert.Equal(bytes, (await ReadAsync(daemon, written)).Data.ToByteArray());
            else
                Assert.Equal((StatusCode.Unknown, "(too many?) shards are unavailable"), await FailureAsync(() => ReadAsync(daemon, written)));
        }
    }

    [Fact]
    public async Task A_write_needs_all_shards()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        standIn.Shards.SetDown(3, true);
        Assert.Equal((StatusCode.Unknown, "(too many?) shards are unavailable"), await FailureAsync(() => WriteAsync(daemon, [1])));
    }

    [Fact]
    public async Task A_single_shard_says_eof_first()
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { Shards = 1, Parity = 0 });
        using RawDaemon daemon = new(standIn.Address);
        standIn.Shards.SetDown(0, true);
        Assert.Equal((StatusCode.OutOfRange, "EOF"), await FailureAsync(() => WriteAsync(daemon, [1])));
        (StatusCode code, string text) = await FailureAsync(() => WriteAsync(daemon, [1]));
        Assert.Equal(StatusCode.Unknown, code);
        Assert.Contains("connection refused", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_valid_is_refused()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        Assert.Equal(StatusCode.InvalidArgument, (await FailureAsync(() => WriteAsync(daemon, []))).Code);
        Assert.Equal(StatusCode.InvalidArgument, (await FailureAsync(() => ReadAsync(daemon, new DataWriteResponse()))).Code);
        Assert.Equal(StatusCode.InvalidArgument, (await FailureAsync(() => daemon.CallAsync<WriteRequest, WriteResponse>("FileService", "Write", new WriteRequest { Data = Key }))).Code);
        Assert.Equal(StatusCode.NotFound, (await FailureAsync(() => daemon.CallAsync<ReadRequest, ReadResponse>("FileService", "Read", new ReadRequest { Key = Key }))).Code);
        await daemon.CallAsync<DeleteMetadataRequest, DeleteMetadataResponse>("MetadataService", "DeleteMetadata", new DeleteMetadataRequest { Key = Key });
        (StatusCode code, string text) = await FailureAsync(() => WriteAsync(daemon, new byte[(32 << 20) + 1]));
        Assert.Equal(StatusCode.ResourceExhausted, code);
        Assert.StartsWith("grpc: received message larger than max", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_metadata_store_there_are_no_names()
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { HasMetadataStore = false });
        using RawDaemon daemon = new(standIn.Address);
        Assert.Equal(StatusCode.Unimplemented, (await FailureAsync(() => daemon.CallAsync<ReadRequest, ReadResponse>("FileService", "Read", new ReadRequest { Key = Key }))).Code);
        Assert.NotEmpty((await WriteAsync(daemon, [1])).Chunks);
    }

    [Fact]
    public async Task Files_have_names_until_they_are_deleted()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        FileMetadata written = (await daemon.CallAsync<WriteRequest, WriteResponse>("FileService", "Write", new WriteRequest { Key = Key, Data = Key })).Metadata;
        Assert.Equal(Key.Length, written.TotalSize);
        Assert.Equal(written, (await daemon.CallAsync<GetMetadataRequest, GetMetadataResponse>("MetadataService", "GetMetadata", new GetMetadataRequest { Key = Key })).Metadata);
        Assert.Equal(Key, (await daemon.CallAsync<ReadRequest, ReadResponse>("FileService", "Read", new ReadRequest { Metadata = written })).Data);
        await daemon.CallAsync<DeleteRequest, DeleteResponse>("FileService", "Delete", new DeleteRequest { Key = Key });
        Assert.Equal(StatusCode.NotFound, (await FailureAsync(() => daemon.CallAsync<ReadRequest, ReadResponse>("FileService", "Read", new ReadRequest { Key = Key }))).Code);
        Assert.Equal(0, standIn.Shards.Parts);
    }

    [Fact]
    public async Task A_directory_outlives_the_daemon()
    {
        using TemporaryDirectory directory = new();
        StandInOptions options = new() { Data = directory.Path };
        byte[] bytes = Octets.Make(3_000_000);
        DataWriteResponse written;
        await using (StandIn standIn = await StandIn.StartAsync(options))
        {
            using RawDaemon daemon = new(standIn.Address);
            written = await WriteAsync(daemon, bytes);
            await standIn.RestartAsync();
            using RawDaemon restarted = new(standIn.Address);
            Assert.Equal(bytes, (await ReadAsync(restarted, written)).Data.ToByteArray());
        }

        await using StandIn again = await StandIn.StartAsync(options);
        using RawDaemon after = new(again.Address);
        Assert.Equal(bytes, (await ReadAsync(after, written)).Data.ToByteArray());
        await after.CallAsync<DataDeleteRequest, DataDeleteResponse>("DataService", "Delete", new DataDeleteRequest { Chunks = { written.Chunks } });
        Assert.Equal(0, again.Shards.Parts);
    }

    [Fact]
    public async Task Two_daemons_share_their_shards()
    {
        using ShardSet shards = new(4);
        await using StandIn one = await StandIn.StartAsync(new StandInOptions { Shared = shards });
        await using StandIn two = await StandIn.StartAsync(new StandInOptions { Shared = shards });
        using RawDaemon first = new(one.Address);
        using RawDaemon second = new(two.Address);
        Assert.Equal([1, 2], (await ReadAsync(second, await WriteAsync(first, [1, 2]))).Data.ToByteArray());
    }

    [Fact]
    public async Task It_does_not_start_when_a_shard_is_down()
    {
        using ShardSet shards = new(4);
        shards.SetDown(2, true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => StandIn.StartAsync(new StandInOptions { Shared = shards }));
    }

    [Fact]
    public async Task Keys_count_from_zero_and_begin_again_when_a_shard_is_emptied()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse old = await WriteAsync(daemon, Octets.Make(5000));
        Assert.All(old.Chunks[0].Objects, part => Assert.Equal(new byte[8], part.Key.ToByteArray()));
        Assert.All((await WriteAsync(daemon, [1])).Chunks[0].Objects, part => Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], part.Key.ToByteArray()));
        for (int shard = 0; shard < 4; shard++)
            standIn.Shards.Empty(shard);
        DataWriteResponse young = await WriteAsync(daemon, Octets.Make(4000));
        // The old reference meets the new parts: the check says good, a read gives what is not ours, a deletion takes it.
        Assert.Equal(CheckStatus.Optimal, (await daemon.CallAsync<DataCheckRequest, DataCheckResponse>("DataService", "Check", new DataCheckRequest { Chunks = { old.Chunks } })).Status);
        await FailureAsync(() => ReadAsync(daemon, old));
        await daemon.CallAsync<DataDeleteRequest, DataDeleteResponse>("DataService", "Delete", new DataDeleteRequest { Chunks = { old.Chunks } });
        Assert.Equal((StatusCode.Unknown, "(too many?) shards are unavailable"), await FailureAsync(() => ReadAsync(daemon, young)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("directory")]
    public async Task A_directory_numbers_its_parts_as_memory_does(string? kind)
    {
        using TemporaryDirectory directory = new();
        string? data = kind is null ? null : directory.Path;
        using ShardSet one = new(1, data);
        using ShardSet two = data is null ? one : new(1, data);
        await using StandIn first = await StandIn.StartAsync(new StandInOptions { Shared = one, Parity = 0 });
        await using StandIn second = await StandIn.StartAsync(new StandInOptions { Shared = two, Parity = 0 });
        using RawDaemon daemon = new(first.Address);
        using RawDaemon other = new(second.Address);
        for (byte i = 0; i < 6; i++)
            Assert.Equal(i, (await WriteAsync(i % 2 == 0 ? daemon : other, [i])).Chunks[0].Objects[0].Key[0]);
        one.Empty(0);
        DataWriteResponse again = await WriteAsync(other, [7]);
        Assert.Equal(0, again.Chunks[0].Objects[0].Key[0]);
        Assert.Equal([7], (await ReadAsync(daemon, again)).Data.ToByteArray());
        Assert.Equal((1, 1), (one.Parts, one.StoredBytes));
    }

    [Fact]
    public async Task A_repair_of_copies_keeps_the_good_ones()
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { Shards = 3, DataShards = 2, Parity = 0 });
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, [1, 2, 3]);
        Assert.Equal(2, written.Chunks[0].Objects.Count);
        Assert.Equal(written.Chunks, (await RepairAsync(daemon, written)).Chunks);
        int lost = Enumerable.Range(0, 3).First(i => ShardSet.NameOf(i) == written.Chunks[0].Objects[0].ShardID);
        standIn.Shards.Lose(lost);
        DataRepairResponse repaired = await RepairAsync(daemon, written);
        Assert.Contains(written.Chunks[0].Objects[1], repaired.Chunks[0].Objects);
        Assert.Equal((2, 2), (repaired.Chunks[0].Objects.Count, standIn.Shards.Parts));
    }

    [Fact]
    public async Task A_repair_of_coded_blocks_makes_rubbish_of_foreign_parts()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse old = await WriteAsync(daemon, Octets.Make(5000));
        int first = Enumerable.Range(0, 4).First(i => ShardSet.NameOf(i) == old.Chunks[0].Objects[0].ShardID);
        standIn.Shards.Empty(first);
        await WriteAsync(daemon, Octets.Make(4900, seed: 2));
        DataRepairResponse rubbish = await RepairAsync(daemon, old);
        Assert.Contains("data and hash do not match", (await FailureAsync(() => ReadAsync(daemon, new DataWriteResponse { Chunks = { rubbish.Chunks } }))).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("full")]
    [InlineData("stale")]
    [InlineData("capacity")]
    public async Task A_write_that_fails_leaves_the_parts_that_were_written(string what)
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, [1]);
        Break(standIn.Shards, 2, what);
        Assert.Equal((StatusCode.Unknown, "(too many?) shards are unavailable"), await FailureAsync(() => WriteAsync(daemon, Octets.Make(9000))));
        Assert.Equal(4 + 3, standIn.Shards.Parts);
        standIn.Shards.SetStale(2, what == "stale" ? 1 : 0);
        await FailureAsync(() => what == "down" ? RepairAsync(daemon, written) : WriteAsync(daemon, Octets.Make(9000)));
        Assert.Equal(4 + 3 + 3, standIn.Shards.Parts);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("full")]
    [InlineData("stale")]
    [InlineData("left")]
    public async Task With_a_spare_shard_no_write_fails(string what)
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { Shards = 5, DataShards = 3 });
        using RawDaemon daemon = new(standIn.Address);
        Break(standIn.Shards, 2, what);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(4, (await WriteAsync(daemon, [1])).Chunks[0].Objects.DistinctBy(o => o.ShardID).Count());
            Break(standIn.Shards, 2, what);
        }

        Assert.Equal(80, standIn.Shards.Parts);
        Assert.Equal(0, standIn.Shards.PartsOf(2));
    }

    [Fact]
    public async Task A_deletion_stops_at_its_first_error_and_single_parts_can_be_deleted()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, [1]);
        int second = Enumerable.Range(0, 4).First(i => ShardSet.NameOf(i) == written.Chunks[0].Objects[1].ShardID);
        standIn.Shards.SetDown(second, true);
        Assert.Equal((StatusCode.OutOfRange, "EOF"), await FailureAsync(() => DeleteAsync(daemon, written.Chunks)));
        Assert.Equal(3, standIn.Shards.Parts);
        standIn.Shards.SetDown(second, false);
        Assert.Equal((StatusCode.Unknown, "Key not found"), await FailureAsync(() => DeleteAsync(daemon, written.Chunks)));
        foreach (Part part in written.Chunks[0].Objects.Skip(1))
            await DeleteAsync(daemon, [new Chunk { ChunkSize = 1, Objects = { part } }]);
        Assert.Equal(0, standIn.Shards.Parts);
    }

    [Fact]
    public async Task A_shard_that_left_the_configuration_is_not_found()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, [1]);
        standIn.Shards.SetLeft(0, true);
        Chunk chunk = new() { ChunkSize = 1, Objects = { written.Chunks[0].Objects.Where(o => o.ShardID == ShardSet.NameOf(0)) } };
        Assert.Equal((StatusCode.Unknown, $"shard {ShardSet.NameOf(0)} not found"), await FailureAsync(() => DeleteAsync(daemon, [chunk])));
        Assert.Equal([1], (await ReadAsync(daemon, written)).Data.ToByteArray());
    }

    private static void Break(ShardSet shards, int shard, string what)
    {
        shards.SetDown(shard, what == "down");
        shards.SetFull(shard, what == "full");
        shards.SetLeft(shard, what == "left");
        shards.SetStale(shard, what == "stale" ? 1 : 0);
        shards.SetCapacity(shard, what == "capacity" ? 2000 : long.MaxValue);
    }

    private static Task<DataRepairResponse> RepairAsync(RawDaemon daemon, DataWriteResponse written) =>
        daemon.CallAsync<DataRepairRequest, DataRepairResponse>("DataService", "Repair", new DataRepairRequest { Chunks = { written.Chunks } });

    private static Task<DataDeleteResponse> DeleteAsync(RawDaemon daemon, IEnumerable<Chunk> chunks) =>
        daemon.CallAsync<DataDeleteRequest, DataDeleteResponse>("DataService", "Delete", new DataDeleteRequest { Chunks = { chunks } });

    internal static Task<DataWriteResponse> WriteAsync(RawDaemon daemon, byte[] bytes) =>
        daemon.CallAsync<DataWriteRequest, DataWriteResponse>("DataService", "Write", new DataWriteRequest { Data = ByteString.CopyFrom(bytes) });

    internal static Task<DataReadResponse> ReadAsync(RawDaemon daemon, DataWriteResponse written) =>
        daemon.CallAsync<DataReadRequest, DataReadResponse>("DataService", "Read", new DataReadRequest { Chunks = { written.Chunks } });

    internal static async Task<(StatusCode Code, string Text)> FailureAsync(Func<Task> call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(call);
        return (failure.StatusCode, failure.Status.Detail);
    }
}
