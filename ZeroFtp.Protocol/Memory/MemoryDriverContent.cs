using System.Buffers;

namespace ZeroFtp.Protocol.Memory;

/// <summary>The octets of a file in blocks. It never changes: a new state of the file is a new content, which shares the blocks, and readers of the old one are not disturbed.</summary>
internal sealed class MemoryDriverContent
{
    private readonly ReadOnlyMemory<byte>[] _blocks;

    private MemoryDriverContent(ReadOnlyMemory<byte>[] blocks)
    {
        _blocks = blocks;
        foreach (ReadOnlyMemory<byte> block in blocks)
            Length += block.Length;
    }

    public static MemoryDriverContent Empty { get; } = new([]);

    public long Length { get; }

    public static MemoryDriverContent Of(ReadOnlyMemory<byte> octets) => octets.IsEmpty ? Empty : new([octets]);

    public MemoryDriverContent Concat(MemoryDriverContent next) => next.Length == 0 ? this : new([.. _blocks, .. next._blocks]);

    /// <summary>The content in which <paramref name="part"/> stands at the offset, and what lay behind it stays.</summary>
    public MemoryDriverContent Overwrite(long offset, MemoryDriverContent part) =>
        new([.. Slice(0, offset), .. part._blocks, .. Slice(Math.Min(Length, offset + part.Length), Length)]);

    /// <summary>The blocks from one offset to another.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Slice(long start, long end)
    {
        long at = 0;
        foreach (ReadOnlyMemory<byte> block in _blocks)
        {
            int from = (int)Math.Clamp(start - at, 0, block.Length);
            int to = (int)Math.Clamp(end - at, 0, block.Length);
            if (from < to)
                yield return block[from..to];
            at += block.Length;
        }
    }

    public byte[] ToArray()
    {
        ArrayBufferWriter<byte> all = new((int)Math.Max(1, Length));
        foreach (ReadOnlyMemory<byte> block in _blocks)
            all.Write(block.Span);
        return all.WrittenSpan.ToArray();
    }

    /// <summary>Gathers octets into blocks.</summary>
    public sealed class Builder
    {
        private const int BlockSize = 64 * 1024;
        private readonly List<ReadOnlyMemory<byte>> _full = [];
        private byte[] _block = [];
        private int _used;

        public long Length { get; private set; }

        public void Append(ReadOnlySpan<byte> octets)
        {
            Length += octets.Length;
            while (!octets.IsEmpty)
            {
                if (_used == _block.Length)
                    NextBlock(octets.Length);
                int count = Math.Min(octets.Length, _block.Length - _used);
                octets[..count].CopyTo(_block.AsSpan(_used));
                _used += count;
                octets = octets[count..];
            }
        }

        public MemoryDriverContent ToContent() => Length == 0 ? Empty : new([.. _full, _block.AsMemory(0, _used)]);

        private void NextBlock(int expected)
        {
            if (_used > 0)
                _full.Add(_block);
            _block = new byte[_full.Count == 0 && _used == 0 ? Math.Min(expected, BlockSize) : BlockSize];
            _used = 0;
        }
    }
}
