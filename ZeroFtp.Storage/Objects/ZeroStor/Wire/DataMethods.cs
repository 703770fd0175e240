using Google.Protobuf;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;

namespace ZeroFtp.Storage.Objects.ZeroStor.Wire;

/// <summary>
/// The methods of the daemon that ZeroFtp calls: the unary ones of DataService. Streams, and the daemon's own files and names, are not used, because the real
/// daemon commits, hangs or leaks there.
/// </summary>
internal sealed class DataMethods(SegmentPool pool)
{
    private static readonly string Service = "schema.DataService";

    public Method<Octets, DataWriteResponse> Write { get; } =
        new(MethodType.Unary, Service, "Write", OctetsMarshaller.Create(pool), Message<DataWriteResponse>());

    public Method<DataReadRequest, Octets> Read { get; } = new(MethodType.Unary, Service, "Read", Message<DataReadRequest>(), OctetsMarshaller.Create(pool));

    public Method<DataDeleteRequest, DataDeleteResponse> Delete { get; } = Unary<DataDeleteRequest, DataDeleteResponse>("Delete");

    public static Method<DataCheckRequest, DataCheckResponse> Check { get; } = Unary<DataCheckRequest, DataCheckResponse>("Check");

    private static Method<TRequest, TResponse> Unary<TRequest, TResponse>(string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => new(MethodType.Unary, Service, name, Message<TRequest>(), Message<TResponse>());

    private static Marshaller<T> Message<T>()
        where T : class, IMessage<T>, new()
    {
        MessageParser<T> parser = new(static () => new T());
        return Marshallers.Create(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
    }
}
