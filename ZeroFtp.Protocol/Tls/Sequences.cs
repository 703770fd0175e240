using System.Buffers;

namespace ZeroFtp.Protocol.Tls;

/// <summary>Helpers for ReadOnlySequence.</summary>
internal static class Sequences
{
    /// <summary>
    /// Skips leading empty segments, which third-party pipes may produce. The first span of the result is empty only if the whole sequence is.
    /// </summary>
    public static ReadOnlySequence<byte> SkipEmpty(in ReadOnlySequence<byte> bytes)
    {
        if (!bytes.FirstSpan.IsEmpty)
            return bytes;
        SequencePosition at = bytes.Start, next = at;
        while (bytes.TryGet(ref next, out ReadOnlyMemory<byte> memory) && memory.IsEmpty)
            at = next;
        return at.GetObject() is null ? bytes.Slice(bytes.End) : bytes.Slice(at);
    }
}
