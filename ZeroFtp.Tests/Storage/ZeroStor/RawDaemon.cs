using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>Calls any method of a daemon, also those that the store never does.</summary>
internal sealed class RawDaemon : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;

    public RawDaemon(string address)
    {
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        _invoker = _channel.CreateCallInvoker();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _channel.Dispose();

    public async Task<TResponse> CallAsync<TRequest, TResponse>(string service, string method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        await _invoker.AsyncUnaryCall(Method<TRequest, TResponse>(MethodType.Unary, service, method), null, new CallOptions(cancellationToken: Token), request);

    public AsyncClientStreamingCall<TRequest, TResponse> Upload<TRequest, TResponse>(string service, string method, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        _invoker.AsyncClientStreamingCall(Method<TRequest, TResponse>(MethodType.ClientStreaming, service, method), null, new CallOptions(cancellationToken: cancellationToken));

    public AsyncServerStreamingCall<TResponse> Download<TRequest, TResponse>(string service, string method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        _invoker.AsyncServerStreamingCall(Method<TRequest, TResponse>(MethodType.ServerStreaming, service, method), null, new CallOptions(cancellationToken: cancellationToken), request);

    private static Method<TRequest, TResponse> Method<TRequest, TResponse>(MethodType type, string service, string method)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        MessageParser<TRequest> requests = new(() => new TRequest());
        MessageParser<TResponse> responses = new(() => new TResponse());
        return new Method<TRequest, TResponse>(
            type, "schema." + service, method, Marshallers.Create(m => m.ToByteArray(), requests.ParseFrom), Marshallers.Create(m => m.ToByteArray(), responses.ParseFrom));
    }
}
