using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;

namespace ZeroFtp.Storage.Objects.ZeroStor.Wire;

/// <summary>
/// Marshals the two large messages, DataWriteRequest and DataReadResponse: a single bytes field with number 1. The content goes from and to pooled segments;
/// generated code would allocate an array for each extent that is read.
/// </summary>
internal static class OctetsMarshaller
{
    private const byte DataTag = (1 << 3) | 2;

    public static Marshaller<Octets> Create(SegmentPool pool) =>
        Marshallers.Create(Serialize, context => Deserialize(context.PayloadAsReadOnlySequence(), pool));

    private static void Serialize(Octets octets, SerializationContext context)
    {
        int length = checked((int)octets.Length);
        int head = 1 + CodedOutputStream.ComputeLengthSize(length);
        context.SetPayloadLength(head + length);
        IBufferWriter<byte> writer = context.GetBufferWriter();
        Span<byte> span = writer.GetSpan(head);
        span[0] = DataTag;
        int at = 1;
        uint rest = (uint)length;
        for (; rest > 0x7F; rest >>= 7)
            span[at++] = (byte)(rest | 0x80);
        span[at] = (byte)rest;
        writer.Advance(head);
        foreach (ReadOnlyMemory<byte> memory in octets.Sequence)
            writer.Write(memory.Span);
        context.Complete();
    }

    /// <summary>Parses the message. As everywhere in protocol buffers, the last occurrence of a field counts and unknown fields are skipped.</summary>
    internal static Octets Deserialize(ReadOnlySequence<byte> payload, SegmentPool pool)
    {
        Octets octets = new(pool);
        try
        {
            SequenceReader<byte> reader = new(payload);
            while (!reader.End)
            {
                ulong tag = ReadVarint(ref reader);
                if (tag != DataTag)
                {
                    Skip(ref reader, tag);
                    continue;
                }

                ReadOnlySequence<byte> data = Take(ref reader, ReadVarint(ref reader));
                octets.Dispose();
                octets = new Octets(pool);
                octets.Fill(data);
            }

            return octets;
        }
        catch
        {
            octets.Dispose();
            throw;
        }
    }

    private static void Skip(ref SequenceReader<byte> reader, ulong tag)
    {
        switch (tag & 7)
        {
            case 0:
                ReadVarint(ref reader);
                break;
            case 1:
                Take(ref reader, 8);
                break;
            case 2:
                Take(ref reader, ReadVarint(ref reader));
                break;
            case 5:
                Take(ref reader, 4);
                break;
            default:
                throw Malformed();
        }
    }

    private static ReadOnlySequence<byte> Take(ref SequenceReader<byte> reader, ulong length)
    {
        if (length > (ulong)reader.Remaining)
            throw Malformed();
        ReadOnlySequence<byte> taken = reader.Sequence.Slice(reader.Position, (long)length);
        reader.Advance((long)length);
        return taken;
    }

    private static ulong ReadVarint(ref SequenceReader<byte> reader)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out byte next))
                throw Malformed();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Malformed();
    }

    private static InvalidDataException Malformed() => new("The daemon's answer is not a valid message.");
}
