using System.IO.Compression;

namespace ZeroFtp.Fuzz.Planted;

/// <summary>The library's zlib stream as it is: it takes a stream that is cut in the middle for a whole one.</summary>
internal static class LenientInflater
{
    public static byte[]? Inflate(byte[] octets, int cut)
    {
        try
        {
            using ZLibStream zlib = new(new MemoryStream(octets), CompressionMode.Decompress);
            MemoryStream content = new();
            zlib.CopyTo(content);
            return content.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
