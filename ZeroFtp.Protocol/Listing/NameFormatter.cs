using System.Buffers;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Lines of NLST: names and nothing else, such as RETR takes them. Names with an end of line in them cannot be shown (RFC 1123 section 4.1.2.7).</summary>
internal sealed class NameFormatter(ListOptions options) : IEntryFormatter
{
    public int Write(IBufferWriter<byte> writer, FtpEntry entry, ReadOnlySpan<byte> prefix, string name)
    {
        if (HasLineEnd(name))
            return 0;
        Octets line = new(writer.GetSpan(prefix.Length + (3 * name.Length) + 3));
        line.Add(prefix);
        line.AddName(name);
        if (options.IsClassified)
            AddSign(ref line, entry, entry.LinkTarget is not null && !options.FollowsLinks);
        line.Add("\r\n"u8);
        writer.Advance(line.Length);
        return line.Length;
    }

    public static bool HasLineEnd(ReadOnlySpan<char> name) => name.ContainsAny('\r', '\n');

    /// <summary>The sign of <c>-F</c>.</summary>
    public static void AddSign(ref Octets line, FtpEntry entry, bool isLink)
    {
        if (isLink || entry.Kind == FtpEntryKind.DanglingLink)
            line.Add((byte)'@');
        else if (entry.IsDirectory)
            line.Add((byte)'/');
        else if (entry.IsFile && (entry.Mode & 0b001_001_001) != 0)
            line.Add((byte)'*');
    }
}
