using Google.Protobuf;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.ZeroStor.Wire;

namespace ZeroFtp.ZeroStor.Services;

/// <summary>schema.DataService: bytes in, chunks out, and back.</summary>
internal sealed class DataService(Daemon daemon)
{
    public async Task<DataWriteResponse> WriteAsync(PooledOctets request, ServerCallContext context)
    {
        using PooledOctets bytes = request;
        using Counters.Running running = daemon.Counters.Count("DataService.Write");
        await daemon.Faults.ArriveAsync(context.CancellationToken);
        daemon.Faults.ThrowIfDue("Write");
        if (bytes.Length == 0)
            throw Errors.Invalid("no data given");
        daemon.Counters.Wrote(bytes.Length);
        if (daemon.Faults.TakeHangWrite())
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        if (daemon.Faults.WriteDelay > TimeSpan.Zero)
            await Task.Delay(daemon.Faults.WriteDelay, context.CancellationToken);
        DataWriteResponse response = new() { Chunks = { await daemon.Blocks.WriteAsync(bytes.Memory, context.CancellationToken) } };
        if (daemon.Faults.TakeDropAnswer())
            context.GetHttpContext().Abort();
        return response;
    }

    public async Task<DataWriteFileResponse> WriteFileAsync(DataWriteFileRequest request, ServerCallContext context)
    {
        using Counters.Running running = daemon.Counters.Count("DataService.WriteFile");
        BlockSink sink = await Files.SendAsync(daemon, request.FilePath, context.CancellationToken);
        return new DataWriteFileResponse { Chunks = { sink.Chunks } };
    }

    public async Task<DataWriteStreamResponse> WriteStreamAsync(IAsyncStreamReader<DataWriteStreamRequest> requests, ServerCallContext context)
    {
        using Counters.Running running = daemon.Counters.Count("DataService.WriteStream");
        BlockSink sink = new(daemon.Blocks, daemon.Counters);
        bool early = daemon.Faults.TakeEarlyAnswer();
        await foreach (DataWriteStreamRequest request in requests.ReadAllAsync(context.CancellationToken))
        {
            if (early)
                throw Errors.ShardsUnavailable();
            await sink.AppendAsync(request.DataChunk.Memory, context.CancellationToken);
        }

        if (sink.Length == 0)
            throw Errors.Invalid("no data given");
        await sink.FinishAsync(context.CancellationToken);
        return new DataWriteStreamResponse { Chunks = { sink.Chunks } };
    }

    public async Task<PooledOctets> ReadAsync(DataReadRequest request, ServerCallContext context)
    {
        using Counters.Running running = daemon.Counters.Count("DataService.Read");
        await daemon.Faults.ArriveAsync(context.CancellationToken);
        daemon.Faults.ThrowIfDue("Read");
        RequireChunks(request.Chunks.Count);
        if (daemon.Faults.TakeHangRead())
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        if (daemon.Faults.ReadDelay > TimeSpan.Zero)
            await Task.Delay(daemon.Faults.ReadDelay, context.CancellationToken);
        PooledOctets bytes = await daemon.Blocks.ReadAsync(request.Chunks, context.CancellationToken);
        if (daemon.Faults.TakeFlippedAnswer())
            bytes.Memory.Span[bytes.Length / 2] ^= 1;
        return daemon.Faults.TakeCutAnswer() ? Cut(bytes) : bytes;
    }

    public async Task<DataReadFileResponse> ReadFileAsync(DataReadFileRequest request, ServerCallContext context)
    {
        using Counters.Running running = daemon.Counters.Count("DataService.ReadFile");
        RequireChunks(request.Chunks.Count);
        await Files.ReceiveAsync(daemon, request.Chunks, request.FilePath, request.FileMode, context.CancellationToken);
        return new DataReadFileResponse();
    }

    public async Task ReadStreamAsync(DataReadStreamRequest request, IServerStreamWriter<DataReadStreamResponse> responses, ServerCallContext context)
    {
        using Counters.Running running = daemon.Counters.Count("DataService.ReadStream");
        RequireChunks(request.Chunks.Count);
        await Streams.SendAsync(
            daemon, request.Chunks, request.ChunkSize, bytes => responses.WriteAsync(new DataReadStreamResponse { DataChunk = bytes }, context.CancellationToken), context.CancellationToken);
    }

    public async Task<DataDeleteResponse> DeleteAsync(DataDeleteRequest request, ServerCallContext context)
    {
        using Counters.Running running = daemon.Counters.Count("DataService.Delete");
        await daemon.Faults.ArriveAsync(context.CancellationToken);
        daemon.Faults.ThrowIfDue("Delete");
        RequireChunks(request.Chunks.Count);
        await daemon.Blocks.DeleteAsync(request.Chunks, context.CancellationToken);
        return new DataDeleteResponse();
    }

    public async Task<DataCheckResponse> CheckAsync(DataCheckRequest request, ServerCallContext context)
    {
        using Counters.Running running = daemon.Counters.Count("DataService.Check");
        await daemon.Faults.ArriveAsync(context.CancellationToken);
        daemon.Faults.ThrowIfDue("Check");
        RequireChunks(request.Chunks.Count);
        return new DataCheckResponse { Status = await daemon.Blocks.CheckAsync(request.Chunks, request.Fast, context.CancellationToken) };
    }

    public async Task<DataRepairResponse> RepairAsync(DataRepairRequest request, ServerCallContext context)
    {
        using Counters.Running running = daemon.Counters.Count("DataService.Repair");
        await daemon.Faults.ArriveAsync(context.CancellationToken);
        daemon.Faults.ThrowIfDue("Repair");
        RequireChunks(request.Chunks.Count);
        return new DataRepairResponse { Chunks = { await daemon.Blocks.RepairAsync(request.Chunks, context.CancellationToken) } };
    }

    private static void RequireChunks(int count)
    {
        if (count == 0)
            throw Errors.Invalid("no chunks given");
    }

    private static PooledOctets Cut(PooledOctets bytes)
    {
        using (bytes)
        {
            PooledOctets shorter = new(bytes.Length - 1);
            bytes.Memory[..^1].CopyTo(shorter.Memory);
            return shorter;
        }
    }
}
