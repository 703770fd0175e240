using System.Buffers;
using Google.Protobuf;
using Grpc.Core;

namespace ZeroFtp.ZeroStor.Wire;

/// <summary>Messages of one bytes field of number 1, in rented memory: the generated code would allocate an octet per octet.</summary>
internal static class OctetsMarshaller
{
    private const byte Tag = (1 << 3) | 2;

    public static readonly Marshaller<PooledOctets> Instance = Marshallers.Create<PooledOctets>(Serialize, Deserialize);

    private static void Serialize(PooledOctets octets, SerializationContext context)
    {
        using (octets)
        {
            Errors.RefuseOversized(octets.Length, "trying to send");
            int prefix = octets.Length == 0 ? 0 : 1 + CodedOutputStream.ComputeLengthSize(octets.Length);
            context.SetPayloadLength(prefix + octets.Length);
            IBufferWriter<byte> writer = context.GetBufferWriter();
            if (octets.Length > 0)
            {
                Span<byte> head = writer.GetSpan(prefix);
                head[0] = Tag;
                int at = 1;
                for (uint rest = (uint)octets.Length; ; rest >>= 7)
                {
                    head[at++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
                    if (rest < 0x80)
                        break;
                }

                writer.Advance(prefix);
                writer.Write(octets.Memory.Span);
            }

            context.Complete();
        }
    }

    private static PooledOctets Deserialize(DeserializationContext context)
    {
        Errors.RefuseOversized(context.PayloadLength, "received");
        SequenceReader<byte> reader = new(context.PayloadAsReadOnlySequence());
        PooledOctets octets = new(0);
        while (!reader.End)
        {
            ulong tag = ReadVarint(ref reader);
            if (tag == Tag)
            {
                int length = checked((int)ReadVarint(ref reader));
                octets.Dispose();
                octets = new PooledOctets(length);
                if (!reader.TryCopyTo(octets.Memory.Span))
                    throw Malformed();
                reader.Advance(length);
            }
            else
            {
                Skip(ref reader, tag);
            }
        }

        return octets;
    }

    private static void Skip(ref SequenceReader<byte> reader, ulong tag)
    {
        long count = (tag & 7) switch
        {
            0 => (long)(ReadVarint(ref reader) & 0),
            1 => 8,
            2 => checked((long)ReadVarint(ref reader)),
            5 => 4,
            _ => throw Malformed(),
        };
        if (count > reader.Remaining)
            throw Malformed();
        reader.Advance(count);
    }

    private static ulong ReadVarint(ref SequenceReader<byte> reader)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out byte octet))
                throw Malformed();
            value |= (ulong)(octet & 0x7F) << shift;
            if (octet < 0x80)
                return value;
        }

        throw Malformed();
    }

    private static RpcException Malformed() => new(new Status(StatusCode.Internal, "grpc: error unmarshalling request: unexpected EOF"));
}
