using System.Buffers;
using System.IO.Pipelines;
using CsCheck;

namespace ZeroFtp.Tests.Protocol.Transfer;

/// <summary>Ways to hand the same bytes to a parser: whole, one byte a segment, one byte a read, and cut anywhere.</summary>
internal static class Cuts
{
    /// <summary>Bytes full of what matters to the converters, with the places where to cut them.</summary>
    public static readonly Gen<(byte[] Data, int[] Cuts)> Data = Gen.Select(
        Gen.Frequency((6, Gen.OneOf<byte>((byte)'\r', (byte)'\n', 0xFF, 1, 2, 3)), (4, Gen.Byte)).Array[0, 200], Gen.Int[0, 200].Array[0, 8]);

    public static ReadOnlySequence<byte> Sequence(IEnumerable<byte[]> parts)
    {
        Segment first = new([]);
        Segment last = parts.Aggregate(first, (before, part) => before.Append(part));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    public static IEnumerable<byte[]> At(byte[] data, IEnumerable<int> cuts)
    {
        int start = 0;
        foreach (int cut in cuts.Where(cut => cut < data.Length).Order().Append(data.Length))
        {
            yield return data[start..cut];
            start = cut;
        }
    }

    public static IEnumerable<byte[]> Single(byte[] data) => data.Select(value => new[] { value });

    /// <summary>All the ways to read the data, the last with a read for each part.</summary>
    public static IEnumerable<PipeReader> Readers(byte[] data, IEnumerable<int> cuts)
    {
        byte[][] parts = [.. At(data, cuts)];
        yield return PipeReader.Create(new PartStream([data]));
        if (data.Length == 0)
            yield break;
        yield return PipeReader.Create(new ReadOnlySequence<byte>(data));
        yield return PipeReader.Create(Sequence(Single(data)));
        yield return PipeReader.Create(Sequence(parts));
        yield return PipeReader.Create(new PartStream(Single(data)));
        yield return PipeReader.Create(new PartStream(parts));
    }

    public static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        ArrayBufferWriter<byte> all = new();
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                all.Write(segment.Span);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return all.WrittenSpan.ToArray();
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] data) => Memory = data;

        public Segment Append(byte[] data)
        {
            Segment next = new(data) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }

    private sealed class PartStream(IEnumerable<byte[]> parts) : MemoryStream
    {
        private readonly Queue<byte[]> _parts = new(parts.Where(part => part.Length > 0));
        private byte[]? _rest;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            byte[]? part = _rest;
            _rest = null;
            if (part is null && !_parts.TryDequeue(out part))
                return ValueTask.FromResult(0);
            int length = Math.Min(part.Length, buffer.Length);
            part.AsSpan(0, length).CopyTo(buffer.Span);
            if (length < part.Length)
                _rest = part[length..];
            return ValueTask.FromResult(length);
        }
    }
}
