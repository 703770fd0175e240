using System.IO.Compression;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>gzip (RFC 1952).</summary>
internal static class GzipMembers
{
    /// <summary>Header and trailer of a member, with room for stored blocks of deflate.</summary>
    public static int RoomFor(int length) => length + (length / 1000) + 128;

    public static int Compress(ReadOnlySpan<byte> plain, byte[] destination, int offset)
    {
        using MemoryStream output = new(destination, offset, destination.Length - offset);
        using (GZipStream gzip = new(output, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(plain);
        return (int)output.Position;
    }

    /// <returns>The number of bytes written, or -1 if the input is damaged, cut off, or does not fit.</returns>
    public static unsafe int Decompress(ReadOnlySpan<byte> input, Span<byte> destination)
    {
        // A member has 18 bytes at least; the library takes an input of none for an empty content.
        if (input.Length < 18)
            return -1;
        fixed (byte* start = input)
        {
            using UnmanagedMemoryStream source = new(start, input.Length);
            using GZipStream gzip = new(source, CompressionMode.Decompress);
            try
            {
                int written = gzip.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
                return written < destination.Length || gzip.ReadByte() < 0 ? written : -1;
            }
            catch (InvalidDataException)
            {
                return -1;
            }
        }
    }
}
