using System.Buffers;

namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>Bytes in pooled segments. Disposing it returns the segments to the pool, but nothing to a budget. Not thread-safe.</summary>
internal sealed class Octets(SegmentPool pool) : IDisposable
{
    private readonly List<Segment> _segments = [];
    private bool _disposed;

    public long Length { get; private set; }

    /// <summary>The free space in the last segment.</summary>
    public int Free => _segments.Count == 0 ? 0 : _segments[^1].Free;

    public int Segments => _segments.Count;

    public ReadOnlySequence<byte> Sequence =>
        _segments.Count == 0 ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_segments[0], 0, _segments[^1], _segments[^1].Filled);

    /// <summary>Adds a segment.</summary>
    public void Grow()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Segment segment = pool.Rent();
        segment.LinkAfter(_segments.Count == 0 ? null : _segments[^1]);
        _segments.Add(segment);
    }

    /// <summary>Copies as much as fits into the last segment, and returns how much that was.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        if (_segments.Count == 0)
            return 0;
        int count = _segments[^1].Append(bytes);
        Length += count;
        return count;
    }

    /// <summary>Copies a whole sequence, adding segments as needed.</summary>
    public void Fill(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> memory in bytes)
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

    /// <summary>Returns the bytes from a position to the end of the segment that contains it.</summary>
    public ReadOnlyMemory<byte> PieceAt(long at)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // Only the last segment may be partly filled.
        return _segments[(int)(at / Segment.Size)].Memory[(int)(at % Segment.Size)..];
    }

    /// <summary>
    /// Returns all segments to the pool except the one that contains the given position. Only the piece in that segment may be used afterwards.
    /// </summary>
    /// <returns>The number of segments returned.</returns>
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
