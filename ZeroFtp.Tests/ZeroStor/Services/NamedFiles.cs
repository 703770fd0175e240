using Google.Protobuf;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.ZeroStor.Wire;

namespace ZeroFtp.ZeroStor.Services;

/// <summary>schema.FileService, with its habit of committing what it got before a stream broke off.</summary>
internal sealed class NamedFiles(Daemon daemon) : FileService.FileServiceBase
{
    public override async Task<WriteResponse> Write(WriteRequest request, ServerCallContext context)
    {
        using Counters.Running running = Begin("Write", request.Key);
        if (request.Data.IsEmpty)
            throw Errors.Invalid("no data given");
        List<StoredChunk> chunks = await daemon.Blocks.WriteAsync(request.Data.Memory, context.CancellationToken);
        return new WriteResponse { Metadata = Commit(request.Key, request.Data.Length, chunks) };
    }

    public override async Task<WriteFileResponse> WriteFile(WriteFileRequest request, ServerCallContext context)
    {
        using Counters.Running running = Begin("WriteFile", request.Key);
        BlockSink sink = await Files.SendAsync(daemon, request.FilePath, context.CancellationToken);
        return new WriteFileResponse { Metadata = Commit(request.Key, sink.Length, sink.Chunks) };
    }

    public override async Task<WriteStreamResponse> WriteStream(IAsyncStreamReader<WriteStreamRequest> requestStream, ServerCallContext context)
    {
        using Counters.Running running = Count("WriteStream");
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Metadata is not { Key: { IsEmpty: false } key })
            throw Errors.Invalid("no key given");
        bool early = daemon.Faults.TakeEarlyAnswer();
        BlockSink sink = new(daemon.Blocks, daemon.Counters);
        bool whole = false;
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                if (early)
                    throw Errors.ShardsUnavailable();
                if (requestStream.Current.Data is not { } data)
                    throw Errors.Invalid("metadata came twice");
                await sink.AppendAsync(data.DataChunk.Memory, context.CancellationToken);
            }

            whole = true;
        }
        finally
        {
            // The reader behind the daemon takes a broken stream for its end.
            if (!whole && !early)
            {
                await sink.FinishAsync(CancellationToken.None);
                Commit(key, sink.Length, sink.Chunks);
                daemon.Counters.Truncated();
            }
        }

        await sink.FinishAsync(context.CancellationToken);
        return new WriteStreamResponse { Metadata = Commit(key, sink.Length, sink.Chunks) };
    }

    public override async Task<ReadResponse> Read(ReadRequest request, ServerCallContext context)
    {
        using Counters.Running running = Count("Read");
        StoredMetadata metadata = Resolve(request.Key, request.Metadata);
        using PooledOctets bytes = await daemon.Blocks.ReadAsync(metadata.Chunks, context.CancellationToken);
        return new ReadResponse { Data = ByteString.CopyFrom(bytes.Memory.Span) };
    }

    public override async Task<ReadFileResponse> ReadFile(ReadFileRequest request, ServerCallContext context)
    {
        using Counters.Running running = Count("ReadFile");
        await Files.ReceiveAsync(daemon, Resolve(request.Key, request.Metadata).Chunks, request.FilePath, request.FileMode, context.CancellationToken);
        return new ReadFileResponse();
    }

    public override async Task ReadStream(ReadStreamRequest request, IServerStreamWriter<ReadStreamResponse> responseStream, ServerCallContext context)
    {
        using Counters.Running running = Count("ReadStream");
        StoredMetadata metadata = Resolve(request.Key, request.Metadata);
        await Streams.SendAsync(
            daemon, metadata.Chunks, request.ChunkSize, bytes => responseStream.WriteAsync(new ReadStreamResponse { DataChunk = bytes }, context.CancellationToken), context.CancellationToken);
    }

    public override async Task<DeleteResponse> Delete(DeleteRequest request, ServerCallContext context)
    {
        using Counters.Running running = Count("Delete");
        StoredMetadata metadata = Resolve(request.Key, request.Metadata);
        await daemon.Blocks.DeleteAsync(metadata.Chunks, context.CancellationToken);
        daemon.Shards.DeleteName(metadata.Key);
        return new DeleteResponse();
    }

    public override async Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        using Counters.Running running = Count("Check");
        return new CheckResponse { Status = await daemon.Blocks.CheckAsync(Resolve(request.Key, request.Metadata).Chunks, request.Fast, context.CancellationToken) };
    }

    public override async Task<RepairResponse> Repair(RepairRequest request, ServerCallContext context)
    {
        using Counters.Running running = Begin("Repair", request.Key);
        StoredMetadata metadata = Resolve(request.Key, null);
        List<StoredChunk> chunks = await daemon.Blocks.RepairAsync(metadata.Chunks, context.CancellationToken);
        metadata.Chunks.Clear();
        metadata.Chunks.AddRange(chunks);
        daemon.Shards.SaveName(metadata);
        return new RepairResponse { Metadata = metadata };
    }

    private Counters.Running Count(string method) => daemon.Options.HasMetadataStore ? daemon.Counters.Count("FileService." + method) : throw Errors.NoMetadataStore();

    private Counters.Running Begin(string method, ByteString key)
    {
        Counters.Running running = Count(method);
        return key.IsEmpty ? throw Errors.Invalid("no key given") : running;
    }

    private StoredMetadata Commit(ByteString key, long length, IEnumerable<StoredChunk> chunks)
    {
        long now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        StoredMetadata metadata = new() { Key = key, TotalSize = length, CreationEpoch = daemon.Shards.FindName(key)?.CreationEpoch ?? now, LastWriteEpoch = now, Chunks = { chunks } };
        daemon.Shards.SaveName(metadata);
        return metadata;
    }

    private StoredMetadata Resolve(ByteString key, StoredMetadata? given)
    {
        if (given is not null)
            return given;
        if (key.IsEmpty)
            throw Errors.Invalid("no key given");
        return daemon.Shards.FindName(key) ?? throw Errors.NoSuchKey();
    }
}
