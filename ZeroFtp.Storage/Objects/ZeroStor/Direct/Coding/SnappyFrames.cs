using System.Buffers.Binary;
using System.Numerics;
using Snappier;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>The Snappy framing format: a stream identifier, then a chunk with a checksum for every 65,536 bytes of content.</summary>
internal static class SnappyFrames
{
    private const int Piece = 65_536;
    private const int ChunkHeader = 8;
    private const byte Compressed = 0x00;
    private const byte Stored = 0x01;
    private const byte FirstSkippable = 0x80;
    private const byte IdentifierType = 0xff;

    private static readonly int MaxCompressedPiece = Snappy.GetMaxCompressedLength(Piece);

    private static ReadOnlySpan<byte> Identifier => [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59];

    /// <summary>The room that <see cref="Compress"/> needs; the result may be shorter.</summary>
    public static int RoomFor(int length) => Identifier.Length + ((((length + Piece - 1) / Piece) + 1) * ChunkHeader) + length + MaxCompressedPiece;

    public static int Compress(ReadOnlySpan<byte> plain, Span<byte> destination)
    {
        Identifier.CopyTo(destination);
        int written = Identifier.Length;
        while (!plain.IsEmpty)
        {
            ReadOnlySpan<byte> piece = plain[..Math.Min(Piece, plain.Length)];
            plain = plain[piece.Length..];
            Span<byte> body = destination[(written + ChunkHeader)..];
            int length = Snappy.Compress(piece, body);
            // The daemon, too, compresses a piece only where it saves an eighth.
            byte type = length < piece.Length - (piece.Length / 8) ? Compressed : Stored;
            if (type == Stored)
            {
                piece.CopyTo(body);
                length = piece.Length;
            }
            BinaryPrimitives.WriteInt32LittleEndian(destination[written..], ((length + 4) << 8) | type);
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(written + 4)..], Checksum(piece));
            written += ChunkHeader + length;
        }
        return written;
    }

    /// <returns>The number of bytes written, or -1 if the input is damaged or does not fit.</returns>
    public static int Decompress(ReadOnlySpan<byte> input, Span<byte> destination)
    {
        if (!input.StartsWith(Identifier))
            return -1;
        int written = 0;
        while (!input.IsEmpty)
        {
            if (input.Length < 4)
                return -1;
            byte type = input[0];
            int length = input[1] | (input[2] << 8) | (input[3] << 16);
            if (length > input.Length - 4)
                return -1;
            ReadOnlySpan<byte> chunk = input.Slice(4, length);
            input = input[(4 + length)..];
            switch (type)
            {
                case IdentifierType when chunk.SequenceEqual(Identifier[4..]):
                case >= FirstSkippable and < IdentifierType:
                    continue;
                case Compressed or Stored when length >= 4:
                    int count = Expand(type, chunk[4..], destination[written..]);
                    if (count < 0 || Checksum(destination.Slice(written, count)) != BinaryPrimitives.ReadUInt32LittleEndian(chunk))
                        return -1;
                    written += count;
                    continue;
                default:
                    return -1;
            }
        }
        return written;
    }

    private static int Expand(byte type, ReadOnlySpan<byte> body, Span<byte> destination)
    {
        if (type == Stored)
            return body.Length <= Math.Min(Piece, destination.Length) && body.TryCopyTo(destination) ? body.Length : -1;
        try
        {
            int length = Snappy.GetUncompressedLength(body);
            return length <= Piece && length <= destination.Length ? Snappy.Decompress(body, destination) : -1;
        }
        catch (InvalidDataException)
        {
            return -1;
        }
    }

    /// <summary>CRC-32C of the content, masked as the format wants it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        uint crc = uint.MaxValue;
        for (; content.Length >= 8; content = content[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        foreach (byte value in content)
            crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + 0xa282_ead8;
    }
}
