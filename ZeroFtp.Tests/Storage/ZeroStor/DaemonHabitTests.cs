using System.Diagnostics;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.ZeroStor;
using static ZeroFtp.Tests.Storage.ZeroStor.StandInTests;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>The stand-in really has the daemon's bad habits, so that a client that falls for them fails its tests.</summary>
public sealed class DaemonHabitTests
{
    private static readonly ByteString Key = ByteString.CopyFromUtf8("a name");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancelled_stream_commits_the_truncated_file()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using (AsyncClientStreamingCall<WriteStreamRequest, WriteStreamResponse> call = daemon.Upload<WriteStreamRequest, WriteStreamResponse>("FileService", "WriteStream", cancellation.Token))
        {
            await call.RequestStream.WriteAsync(new WriteStreamRequest { Metadata = new WriteStreamRequest.Types.Metadata { Key = Key } }, Token);
            await call.RequestStream.WriteAsync(new WriteStreamRequest { Data = new WriteStreamRequest.Types.Data { DataChunk = ByteString.CopyFrom(1, 2, 3) } }, Token);
            await WaitAsync(() => standIn.Counters.Streamed == 3);
            await cancellation.CancelAsync();
        }

        await WaitAsync(() => standIn.Counters.TruncatedCommits == 1);
        Assert.Equal([1, 2, 3], (await daemon.CallAsync<ReadRequest, ReadResponse>("FileService", "Read", new ReadRequest { Key = Key })).Data.ToByteArray());
    }

    [Fact]
    public async Task A_long_stream_is_never_answered_when_a_shard_is_missing()
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { BlockSize = 1000 });
        using RawDaemon daemon = new(standIn.Address);
        standIn.Shards.SetDown(1, true);
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using AsyncClientStreamingCall<DataWriteStreamRequest, DataWriteStreamResponse> call = daemon.Upload<DataWriteStreamRequest, DataWriteStreamResponse>("DataService", "WriteStream", cancellation.Token);
        await call.RequestStream.WriteAsync(new DataWriteStreamRequest { DataChunk = ByteString.CopyFrom(new byte[20_000]) }, Token);
        await call.RequestStream.CompleteAsync();
        await WaitAsync(() => standIn.Counters.HungStreams == 1);
        Assert.False(call.ResponseAsync.IsCompleted);
        Assert.Equal(StatusCode.Unknown, (await FailureAsync(() => WriteAsync(daemon, new byte[63_000]))).Code);
        await cancellation.CancelAsync();
    }

    [Fact]
    public async Task A_stream_may_be_answered_before_its_end()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        standIn.Faults.EarlyAnswers = 1;
        using AsyncClientStreamingCall<DataWriteStreamRequest, DataWriteStreamResponse> call = daemon.Upload<DataWriteStreamRequest, DataWriteStreamResponse>("DataService", "WriteStream", Token);
        await call.RequestStream.WriteAsync(new DataWriteStreamRequest { DataChunk = Key }, Token);
        Assert.Equal(StatusCode.Unknown, (await FailureAsync(async () => await call.ResponseAsync)).Code);
    }

    [Fact]
    public async Task A_cancelled_read_leaks()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, Octets.Make(30 << 20));
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        DataReadStreamRequest request = new() { Chunks = { written.Chunks }, ChunkSize = 65_536 };
        using AsyncServerStreamingCall<DataReadStreamResponse> call = daemon.Download<DataReadStreamRequest, DataReadStreamResponse>("DataService", "ReadStream", request, cancellation.Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        await cancellation.CancelAsync();
        await WaitAsync(() => standIn.Counters.LeakedStreams == 1);
    }

    [Fact]
    public async Task A_huge_chunk_size_kills_it()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, [1]);
        DataReadStreamRequest request = new() { Chunks = { written.Chunks }, ChunkSize = 1L << 40 };
        using AsyncServerStreamingCall<DataReadStreamResponse> call = daemon.Download<DataReadStreamRequest, DataReadStreamResponse>("DataService", "ReadStream", request, Token);
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));
        Assert.True(standIn.IsKilled);
        await standIn.RestartAsync();
        using RawDaemon restarted = new(standIn.Address);
        Assert.Equal([1], (await ReadAsync(restarted, written)).Data.ToByteArray());
    }

    [Fact]
    public async Task One_corrupt_shard_fails_many_reads_until_a_repair()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, Octets.Make(10_000));
        standIn.Shards.Corrupt(2);
        int failed = 0;
        for (int i = 0; i < 200; i++)
        {
            try
            {
                await ReadAsync(daemon, written);
            }
            catch (RpcException failure)
            {
                Assert.Contains("data and hash do not match", failure.Status.Detail, StringComparison.Ordinal);
                failed++;
            }
        }

        Assert.InRange(failed, 100, 190);
        Assert.Equal(CheckStatus.Valid, await CheckAsync(daemon, written.Chunks));
        DataRepairResponse repaired = await daemon.CallAsync<DataRepairRequest, DataRepairResponse>("DataService", "Repair", new DataRepairRequest { Chunks = { written.Chunks } });
        Assert.Equal(CheckStatus.Optimal, await CheckAsync(daemon, repaired.Chunks));
        Assert.Equal(8, standIn.Shards.Parts);
    }

    [Fact]
    public async Task A_fast_check_never_says_optimal()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, [1]);
        Assert.Equal(CheckStatus.Valid, await CheckAsync(daemon, written.Chunks, fast: true));
        Assert.Equal(CheckStatus.Optimal, await CheckAsync(daemon, written.Chunks));
        standIn.Shards.SetDown(0, true);
        Assert.Equal(CheckStatus.Valid, await CheckAsync(daemon, written.Chunks));
        standIn.Shards.SetDown(1, true);
        Assert.Equal(CheckStatus.Invalid, await CheckAsync(daemon, written.Chunks));
    }

    [Fact]
    public async Task A_half_failed_deletion_can_never_be_repeated()
    {
        await using StandIn standIn = await StandIn.StartAsync();
        using RawDaemon daemon = new(standIn.Address);
        DataWriteResponse written = await WriteAsync(daemon, [1]);
        standIn.Faults.HalfDeletes = 1;
        DataDeleteRequest request = new() { Chunks = { written.Chunks } };
        await FailureAsync(() => daemon.CallAsync<DataDeleteRequest, DataDeleteResponse>("DataService", "Delete", request));
        for (int i = 0; i < 3; i++)
            Assert.Equal((StatusCode.Unknown, "Key not found"), await FailureAsync(() => daemon.CallAsync<DataDeleteRequest, DataDeleteResponse>("DataService", "Delete", request)));
    }

    [Fact]
    public async Task Some_of_the_chunks_are_read_as_just_those()
    {
        await using StandIn standIn = await StandIn.StartAsync(new StandInOptions { BlockSize = 1000, Encrypt = true });
        using RawDaemon daemon = new(standIn.Address);
        byte[] bytes = Octets.Make(3500);
        DataWriteResponse written = await WriteAsync(daemon, bytes);
        Assert.Equal([1028, 1028, 1028, 528], written.Chunks.Select(c => c.ChunkSize));
        written.Chunks.RemoveAt(0);
        written.Chunks.RemoveAt(1);
        Assert.Equal(bytes[1000..2000].Concat(bytes[3000..]), (await ReadAsync(daemon, written)).Data);
    }

    internal static async Task WaitAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        for (long began = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(5, Token))
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"It never happened: {what}");
    }

    private static async Task<CheckStatus> CheckAsync(RawDaemon daemon, IEnumerable<Chunk> chunks, bool fast = false) =>
        (await daemon.CallAsync<DataCheckRequest, DataCheckResponse>("DataService", "Check", new DataCheckRequest { Chunks = { chunks }, Fast = fast })).Status;
}
