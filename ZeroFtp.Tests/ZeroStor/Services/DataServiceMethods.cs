using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.ZeroStor.Wire;

namespace ZeroFtp.ZeroStor.Services;

/// <summary>Binds DataService by hand, so that its two big messages are pooled.</summary>
internal sealed class DataServiceMethods : IServiceMethodProvider<DataService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<DataService> context)
    {
        context.AddUnaryMethod(Calls.Data(MethodType.Unary, "Write", Calls.Octets, Calls.Message<DataWriteResponse>()), [], static (s, r, c) => s.WriteAsync(r, c));
        context.AddUnaryMethod(Calls.Data(MethodType.Unary, "Read", Calls.Message<DataReadRequest>(), Calls.Octets), [], static (s, r, c) => s.ReadAsync(r, c));
        Unary<DataWriteFileRequest, DataWriteFileResponse>(context, "WriteFile", static (s, r, c) => s.WriteFileAsync(r, c));
        Unary<DataReadFileRequest, DataReadFileResponse>(context, "ReadFile", static (s, r, c) => s.ReadFileAsync(r, c));
        Unary<DataDeleteRequest, DataDeleteResponse>(context, "Delete", static (s, r, c) => s.DeleteAsync(r, c));
        Unary<DataCheckRequest, DataCheckResponse>(context, "Check", static (s, r, c) => s.CheckAsync(r, c));
        Unary<DataRepairRequest, DataRepairResponse>(context, "Repair", static (s, r, c) => s.RepairAsync(r, c));
        context.AddClientStreamingMethod(
            Calls.Data(MethodType.ClientStreaming, "WriteStream", Calls.Message<DataWriteStreamRequest>(), Calls.Message<DataWriteStreamResponse>()),
            [],
            static (s, r, c) => s.WriteStreamAsync(r, c));
        context.AddServerStreamingMethod(
            Calls.Data(MethodType.ServerStreaming, "ReadStream", Calls.Message<DataReadStreamRequest>(), Calls.Message<DataReadStreamResponse>()),
            [],
            static (s, r, w, c) => s.ReadStreamAsync(r, w, c));
    }

    private static void Unary<TRequest, TResponse>(ServiceMethodProviderContext<DataService> context, string name, UnaryServerMethod<DataService, TRequest, TResponse> run)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>, new()
        where TResponse : class, Google.Protobuf.IMessage<TResponse>, new() =>
        context.AddUnaryMethod(Calls.Data(MethodType.Unary, name, Calls.Message<TRequest>(), Calls.Message<TResponse>()), [], run);
}
