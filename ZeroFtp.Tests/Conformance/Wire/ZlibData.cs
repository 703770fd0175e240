using System.Buffers.Binary;
using System.IO.Compression;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>zlib data (RFC 1950) as MODE Z sends it, judged more strictly than the library's reader does.</summary>
internal static class ZlibData
{
    /// <summary>A last, stored block with the octet 0x58: a decoder only sees it when the data before had no final block.</summary>
    private static readonly byte[] OneMoreBlock = [0x01, 0x01, 0x00, 0xfe, 0xff, 0x58];

    public static byte[] Deflate(ReadOnlySpan<byte> data)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(data);
        return packed.ToArray();
    }

    /// <summary>Inflates; fails the check unless there is a zlib header, a final block, and the right Adler-32 as the very last four octets.</summary>
    public static byte[] Inflate(byte[] packed, string what)
    {
        Verify.That(packed.Length >= 8, $"{what}: {packed.Length} octets are no zlib stream");
        Verify.That((packed[0] & 0x0f) == 8 && ((packed[0] << 8) | packed[1]) % 31 == 0 && (packed[1] & 0x20) == 0, $"{what}: no zlib header: {Octets.Show(packed)}");
        byte[] data;
        try
        {
            data = InflateRaw([.. packed.AsSpan(2, packed.Length - 6), .. OneMoreBlock]);
        }
        catch (InvalidDataException broken)
        {
            throw new CheckFailedException($"{what}: corrupt deflate data: {broken.Message}");
        }

        uint sum = BinaryPrimitives.ReadUInt32BigEndian(packed.AsSpan(packed.Length - 4));
        Verify.That(sum != Adler32(data.AsSpan(0, Math.Max(0, data.Length - 1))) || sum == Adler32(data), $"{what}: the last block is not marked final");
        Verify.That(sum == Adler32(data), $"{what}: the last four octets are not the Adler-32 of the data (cut short, or more octets behind the end)");
        return data;
    }

    private static byte[] InflateRaw(byte[] packed)
    {
        using DeflateStream deflate = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream data = new();
        deflate.CopyTo(data);
        return data.ToArray();
    }

    private static uint Adler32(ReadOnlySpan<byte> data)
    {
        uint low = 1;
        uint high = 0;
        foreach (byte octet in data)
        {
            low = (low + octet) % 65521;
            high = (high + low) % 65521;
        }

        return (high << 16) | low;
    }
}
