using Google.Protobuf;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.ZeroStor;
using ZeroFtp.ZeroStor.Shards;
using FileMetadata = ZeroFtp.Storage.Objects.ZeroStor.Schema.Metadata;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>The stand-in answers as the real daemon was seen to.</summary>
public sealed class StandInTests
{
    private static readonly ByteString Key = ByteString.CopyFromUtf8("a name");

    [Theory]
    [InlineData(4, 1)]
    [InlineData(7, 3)]
    [InlineData(2, 1)]
    [InlineData(5, 0)]
    public async Task Any_k_shards_give_the_octets_back(int shards, int parity)
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { Shards = shards, Parity = parity, BlockSize = 10_000 });
        using RawDaemon daemon = new(standIn.Address);
        byte[] octets = Octets.Make(31_234);
        DataWriteResponse written = await WriteAsync(daemon, octets);
        for (int mask = 0; mask < 1 << shards; mask++)
        {
            for (int shard = 0; shard < shards; shard++)
                standIn.Shards.SetDown(shard, (mask & (1 << shard)) != 0);
            if (int.PopCount(mask) <= parity)
                Assert.Equal(octets, (await ReadAsync(daemon, written)).Data.ToByteArray());
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
        byte[] octets = Octets.Make(3_000_000);
        DataWriteResponse written;
        await using (StandIn standIn = await StandIn.StartAsync(options))
        {
            using RawDaemon daemon = new(standIn.Address);
            written = await WriteAsync(daemon, octets);
            await standIn.RestartAsync();
            using RawDaemon restarted = new(standIn.Address);
            Assert.Equal(octets, (await ReadAsync(restarted, written)).Data.ToByteArray());
        }

        await using StandIn again = await StandIn.StartAsync(options);
        using RawDaemon after = new(again.Address);
        Assert.Equal(octets, (await ReadAsync(after, written)).Data.ToByteArray());
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

    internal static Task<DataWriteResponse> WriteAsync(RawDaemon daemon, byte[] octets) =>
        daemon.CallAsync<DataWriteRequest, DataWriteResponse>("DataService", "Write", new DataWriteRequest { Data = ByteString.CopyFrom(octets) });

    internal static Task<DataReadResponse> ReadAsync(RawDaemon daemon, DataWriteResponse written) =>
        daemon.CallAsync<DataReadRequest, DataReadResponse>("DataService", "Read", new DataReadRequest { Chunks = { written.Chunks } });

    internal static async Task<(StatusCode Code, string Text)> FailureAsync(Func<Task> call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(call);
        return (failure.StatusCode, failure.Status.Detail);
    }
}
