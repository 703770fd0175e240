using System.Buffers;

namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>Octets in pooled segments. Their owner disposes them, which gives the segments back to the pool, but nothing to a budget. Not for several threads at a time.</summary>
internal sealed class Octets(SegmentPool pool) : IDisposable
{
    private readonly List<Segment> _segments = [];
    private bool _disposed;

    public long Length { get; private set; }

    /// <summary>What the last segment still has room for.</summary>
    public int Free => _segments.Count == 0 ? 0 : _segments[^1].Free;

    public int Segments => _segments.Count;

    public ReadOnlySequence<byte> Sequence => _segments.Count == 0 ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_segments[0], 0, _segments[^1], _segments[^1].Filled);

    /// <summary>Makes room for up to one more segment.</summary>
    public void Grow()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Segment segment = pool.Rent();
        segment.LinkAfter(_segments.Count == 0 ? null : _segments[^1]);
        _segments.Add(segment);
    }

    /// <summary>Copies as much as fits into the last segment and says how much that was.</summary>
    public int Append(ReadOnlySpan<byte> octets)
    {
        if (_segments.Count == 0)
            return 0;
        int count = _segments[^1].Append(octets);
        Length += count;
        return count;
    }

    /// <summary>Copies all of a sequence, with as many segments as that takes.</summary>
    public void Fill(ReadOnlySequence<byte> octets)
    {
        foreach (ReadOnlyMemory<byte> memory in octets)
        {
            ReadOnlySpan<byte> rest = memory.Span;
            while (rest.Length > 0)
            {
                if (Free == 0)
                    Grow();
                rest = rest[Append(rest)..];
            }
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (Segment segment in _segments)
            pool.Return(segment);
        _segments.Clear();
    }
}
