using System.Buffers.Binary;
using System.IO.Hashing;
using K4os.Compression.LZ4;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>The LZ4 frame format. Blocks are independent of each other, since the daemon refuses others, and no dictionary is used.</summary>
internal static class Lz4Frames
{
    private const uint Magic = 0x184d_2204;
    private const uint SkippableMagic = 0x184d_2a50;
    private const uint StoredBit = 1u << 31;
    private const int BlockLength = 4 * 1024 * 1024;
    private const int HeaderLength = 7;

    /// <summary>Version 1, independent blocks, checksum of the content.</summary>
    private const byte Flags = 0x64;

    /// <summary>Blocks of at most 4 MiB.</summary>
    private const byte Descriptor = 0x70;

    [Flags]
    private enum Flag : byte
    {
        Dictionary = 0x01,
        ContentChecksum = 0x04,
        ContentSize = 0x08,
        BlockChecksum = 0x10,
        Independent = 0x20,
        Version = 0xc0,
        Version1 = 0x40,
    }

    /// <summary>The room that <see cref="Compress"/> needs; the result may be shorter.</summary>
    public static int RoomFor(int length) => HeaderLength + ((length / BlockLength) + 1) * 4 + LZ4Codec.MaximumOutputSize(length) + 8;

    public static int Compress(ReadOnlySpan<byte> plain, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        destination[4] = Flags;
        destination[5] = Descriptor;
        destination[6] = HeaderChecksum(destination[4..6]);
        int written = HeaderLength;
        for (ReadOnlySpan<byte> rest = plain; !rest.IsEmpty;)
        {
            ReadOnlySpan<byte> block = rest[..Math.Min(BlockLength, rest.Length)];
            rest = rest[block.Length..];
            Span<byte> body = destination[(written + 4)..];
            int length = LZ4Codec.Encode(block, body);
            bool isStored = length <= 0 || length >= block.Length;
            if (isStored)
            {
                block.CopyTo(body);
                length = block.Length;
            }
            BinaryPrimitives.WriteUInt32LittleEndian(destination[written..], (uint)length | (isStored ? StoredBit : 0));
            written += 4 + length;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(destination[written..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[(written + 4)..], XxHash32.HashToUInt32(plain));
        return written + 8;
    }

    /// <returns>The number of bytes written, or -1 if the input is damaged or does not fit.</returns>
    public static int Decompress(ReadOnlySpan<byte> input, Span<byte> destination)
    {
        int written = 0;
        while (!input.IsEmpty)
        {
            if (!TryReadUInt32(ref input, out uint magic))
                return -1;
            if ((magic & ~0xfu) == SkippableMagic)
            {
                if (!TryReadUInt32(ref input, out uint skipped) || skipped > input.Length)
                    return -1;
                input = input[(int)skipped..];
                continue;
            }
            int count = magic == Magic ? ReadFrame(ref input, destination[written..]) : -1;
            if (count < 0)
                return -1;
            written += count;
        }
        return written;
    }

    private static int ReadFrame(ref ReadOnlySpan<byte> input, Span<byte> destination)
    {
        if (input.Length < 3)
            return -1;
        Flag flags = (Flag)input[0];
        int header = 2 + (flags.HasFlag(Flag.ContentSize) ? 8 : 0);
        if ((flags & Flag.Version) != Flag.Version1 || (flags & Flag.Dictionary) != 0 || (flags & Flag.Independent) == 0 || input.Length <= header
            || HeaderChecksum(input[..header]) != input[header])
            return -1;
        input = input[(header + 1)..];
        int written = 0;
        while (true)
        {
            if (!TryReadUInt32(ref input, out uint field))
                return -1;
            if (field == 0)
                break;
            int length = (int)(field & ~StoredBit);
            if (length > input.Length)
                return -1;
            ReadOnlySpan<byte> body = input[..length];
            input = input[length..];
            if ((flags & Flag.BlockChecksum) != 0 && !(TryReadUInt32(ref input, out uint checksum) && checksum == XxHash32.HashToUInt32(body)))
                return -1;
            int count = Expand(body, destination[written..], (field & StoredBit) != 0);
            if (count < 0)
                return -1;
            written += count;
        }
        if ((flags & Flag.ContentChecksum) != 0 && !(TryReadUInt32(ref input, out uint content) && content == XxHash32.HashToUInt32(destination[..written])))
            return -1;
        return written;
    }

    private static int Expand(ReadOnlySpan<byte> body, Span<byte> destination, bool isStored)
    {
        if (isStored)
            return body.TryCopyTo(destination) ? body.Length : -1;
        return body.IsEmpty ? -1 : LZ4Codec.Decode(body, destination);
    }

    private static bool TryReadUInt32(ref ReadOnlySpan<byte> input, out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(input, out value))
            return false;
        input = input[4..];
        return true;
    }

    private static byte HeaderChecksum(ReadOnlySpan<byte> header) => (byte)(XxHash32.HashToUInt32(header) >> 8);
}
