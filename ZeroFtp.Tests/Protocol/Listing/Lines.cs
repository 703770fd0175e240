using System.Buffers;
using System.Text;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;

namespace ZeroFtp.Tests.Protocol.Listing;

/// <summary>What formatters write, as text, one character an byte.</summary>
internal static class Lines
{
    public static readonly FtpEntry ATxt = new()
    {
        Name = "a.txt",
        Kind = FtpEntryKind.File,
        Size = 12,
        ModifiedUtc = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc),
    };

    public static readonly FtpEntry Docs = new() { Name = "docs", Kind = FtpEntryKind.Directory, Mode = 0b111_101_101, LinkCount = 2, ModifiedUtc = ATxt.ModifiedUtc };

    public static string Of(IEntryFormatter formatter, FtpEntry entry, string? name = null)
    {
        ArrayBufferWriter<byte> writer = new();
        int length = formatter.Write(writer, entry, default, name ?? entry.Name);
        Assert.Equal(length, writer.WrittenCount);
        return Encoding.Latin1.GetString(writer.WrittenSpan);
    }
}
