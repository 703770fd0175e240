using System.Buffers;

namespace ZeroFtp.Protocol.Tls;

/// <summary>What is missing in ReadOnlySequence.</summary>
internal static class Sequences
{
    /// <summary>The same octets, in front of which no empty segment stands: its first span is empty only if all is. Pipes of other makers may begin with one.</summary>
    public static ReadOnlySequence<byte> SkipEmpty(in ReadOnlySequence<byte> octets)
    {
        if (!octets.FirstSpan.IsEmpty)
            return octets;
        SequencePosition at = octets.Start, next = at;
        while (octets.TryGet(ref next, out ReadOnlyMemory<byte> memory) && memory.IsEmpty)
            at = next;
        return at.GetObject() is null ? octets.Slice(octets.End) : octets.Slice(at);
    }
}
