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

    /// <summary>The octets from a place on, up to the end of the segment that holds it.</summary>
    public ReadOnlyMemory<byte> PieceAt(long at)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // Only the last segment may be partly filled.
        return _segments[(int)(at / Segment.Size)].Memory[(int)(at % Segment.Size)..];
    }

    /// <summary>Gives all segments back but the one that holds the given place.</summary>
    /// <returns>How many were given back. The octets are of no more use but for that piece.</returns>
    public int DropAllBut(long at)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Segment kept = _segments[(int)(at / Segment.Size)];
        int dropped = _segments.Count - 1;
        foreach (Segment segment in _segments)
        {
            if (segment != kept)
                pool.Return(segment);
        }

        _segments.Clear();
        _segments.Add(kept);
        return dropped;
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
