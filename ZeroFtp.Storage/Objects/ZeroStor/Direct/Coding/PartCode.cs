using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>The erasure code of 0-stor: data parts and parity parts, any of which, as many as there are data parts, give the block back.</summary>
internal sealed class PartCode(int data, int parity)
{
    /// <summary>The length of each part is a multiple of this.</summary>
    private const int Unit = 256;

    /// <summary>Enough for all losses that a cluster has at a time; an inverse is quick to compute again.</summary>
    private const int MaxInverses = 256;

    private readonly CodeMatrix _matrix = CodeMatrix.Cauchy(data, parity);
    private readonly int[] _parityRows = [.. Enumerable.Range(data, parity)];
    private readonly ConcurrentDictionary<string, CodeMatrix> _inverses = new(StringComparer.Ordinal);

    public int PartLength(int size) => Unit * (int)(((long)size + (Unit * data) - 1) / (Unit * data));

    /// <summary>The room that a processed block of this size needs with its padding and parity.</summary>
    public int RoomFor(int size) => PartLength(size) * (data + parity);

    /// <summary>Pads the processed block at the start of the buffer, computes the parity behind it, and gives out the parts.</summary>
    public void Divide(byte[] buffer, int size, Span<Memory<byte>> parts)
    {
        int length = PartLength(size);
        buffer.AsSpan(size, (length * data) - size).Clear();
        for (int i = 0; i < parts.Length; i++)
            parts[i] = buffer.AsMemory(i * length, length);
        ReadOnlyMemory<byte>[] sources = new ReadOnlyMemory<byte>[data];
        for (int i = 0; i < data; i++)
            sources[i] = parts[i];
        PartMultiplier.Multiply(_matrix, _parityRows, sources, parts[data..]);
    }

    public void Join(int size, ReadOnlySpan<ReadOnlyMemory<byte>> parts, ReadOnlySpan<int> chosen, Memory<byte> destination)
    {
        int length = PartLength(size);
        ReadOnlyMemory<byte>[] sources = new ReadOnlyMemory<byte>[data];
        List<int> missing = [.. Enumerable.Range(0, data)];
        for (int i = 0; i < data; i++)
        {
            int part = chosen[i];
            sources[i] = part < data ? Padded(parts[part], part, size, length) : parts[part];
            if (part >= data)
                continue;
            missing.Remove(part);
            sources[i].CopyTo(destination[(part * length)..]);
        }
        if (missing.Count == 0)
            return;
        Memory<byte>[] results = [.. missing.Select(part => destination.Slice(part * length, length))];
        PartMultiplier.Multiply(InverseOf(chosen), [.. missing], sources, results);
    }

    /// <summary>The padding is not covered by the hash, so damage of it goes unseen until it spoils a reconstruction.</summary>
    private static ReadOnlyMemory<byte> Padded(ReadOnlyMemory<byte> part, int number, int size, int length)
    {
        int content = Math.Clamp(size - (number * length), 0, length);
        if (part.Span[content..].IndexOfAnyExcept((byte)0) < 0)
            return part;
        byte[] clean = part.ToArray();
        clean.AsSpan(content).Clear();
        return clean;
    }

    private CodeMatrix InverseOf(ReadOnlySpan<int> chosen)
    {
        string key = string.Join(' ', chosen.ToArray());
        if (_inverses.TryGetValue(key, out CodeMatrix? known))
            return known;
        if (_inverses.Count >= MaxInverses)
            _inverses.Clear();
        return _inverses[key] = _matrix.InvertRows(chosen);
    }
}
