using Google.Protobuf;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;

namespace ZeroFtp.ZeroStor.Services;

/// <summary>schema.MetadataService.</summary>
internal sealed class Names(Daemon daemon) : MetadataService.MetadataServiceBase
{
    public override Task<SetMetadataResponse> SetMetadata(SetMetadataRequest request, ServerCallContext context)
    {
        Begin("SetMetadata", request.Metadata?.Key);
        daemon.Shards.SaveName(request.Metadata!);
        return Task.FromResult(new SetMetadataResponse());
    }

    public override Task<GetMetadataResponse> GetMetadata(GetMetadataRequest request, ServerCallContext context)
    {
        Begin("GetMetadata", request.Key);
        return Task.FromResult(new GetMetadataResponse { Metadata = daemon.Shards.FindName(request.Key) ?? throw Errors.NoSuchKey() });
    }

    public override Task<DeleteMetadataResponse> DeleteMetadata(DeleteMetadataRequest request, ServerCallContext context)
    {
        Begin("DeleteMetadata", request.Key);
        daemon.Shards.DeleteName(request.Key);
        return Task.FromResult(new DeleteMetadataResponse());
    }

    public override async Task ListKeys(ListMetadataKeysRequest request, IServerStreamWriter<ListMetadataKeysResponse> responseStream, ServerCallContext context)
    {
        Begin("ListKeys", ByteString.CopyFrom(1));
        foreach (ByteString key in daemon.Shards.Names())
            await responseStream.WriteAsync(new ListMetadataKeysResponse { Key = key }, context.CancellationToken);
    }

    private void Begin(string method, ByteString? key)
    {
        if (!daemon.Options.HasMetadataStore)
            throw Errors.NoMetadataStore();
        daemon.Counters.Count("MetadataService." + method).Dispose();
        if (key is null or { IsEmpty: true })
            throw Errors.Invalid("no key given");
    }
}
