using System.Buffers;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Lines of LIST in the manner of the DIR command of MS-DOS: date, time, <c>&lt;DIR&gt;</c> or size, name.</summary>
internal sealed class DosFormatter : IEntryFormatter
{
    private const int FixedLength = 64;

    public int Write(IBufferWriter<byte> writer, FtpEntry entry, ReadOnlySpan<byte> prefix, string name)
    {
        Octets line = new(writer.GetSpan(FixedLength + prefix.Length + (3 * name.Length)));
        DateTime utc = entry.ModifiedUtc.Ticks == 0 ? DateTime.UnixEpoch : entry.ModifiedUtc;
        (int year, int month, int day) = utc;
        line.AddPair(month);
        line.Add((byte)'-');
        line.AddPair(day);
        line.Add((byte)'-');
        line.AddPair(year % 100);
        line.Add("  "u8);
        int hour = utc.Hour;
        line.AddPair(hour % 12 == 0 ? 12 : hour % 12);
        line.Add((byte)':');
        line.AddPair(utc.Minute);
        line.Add(hour < 12 ? "AM"u8 : "PM"u8);
        if (entry.IsDirectory)
            line.Add("       <DIR>          "u8);
        else
            line.AddNumber(entry.Size, 21);
        if (!entry.IsDirectory)
            line.Add((byte)' ');
        line.Add(prefix);
        line.AddVisible(name);
        line.Add("\r\n"u8);
        writer.Advance(line.Length);
        return line.Length;
    }
}
