using Google.Protobuf;
using Grpc.Core;

namespace ZeroFtp.ZeroStor.Wire;

/// <summary>Method descriptions for what has no generated ones because its messages are ours.</summary>
internal static class Calls
{
    public const string DataService = "schema.DataService";

    public static readonly Marshaller<PooledOctets> Octets = OctetsMarshaller.Instance;

    public static Method<TRequest, TResponse> Data<TRequest, TResponse>(MethodType type, string name, Marshaller<TRequest> request, Marshaller<TResponse> response) =>
        new(type, DataService, name, request, response);

    public static Marshaller<T> Message<T>()
        where T : class, IMessage<T>, new()
    {
        MessageParser<T> parser = new(static () => new T());
        return Marshallers.Create<T>(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context =>
            {
                Errors.RefuseOversized(context.PayloadLength, "received");
                return parser.ParseFrom(context.PayloadAsReadOnlySequence());
            });
    }
}
