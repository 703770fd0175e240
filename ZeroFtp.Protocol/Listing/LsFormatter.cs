using System.Buffers;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Lines of LIST in the manner of <c>ls -l</c>, which is the only form that all clients read: mode, links, owner, group, size, date, name.</summary>
internal sealed class LsFormatter(DateTime nowUtc, ListOptions options, bool hidesOwners = false) : IEntryFormatter
{
    /// <summary>What is shown where a store knows no numeric owner or group.</summary>
    public const int UnknownId = 65534;

    // Mode 10, links and size at most 20 each, two numbers for owners, date 12, blanks, the sign of -F, CRLF.
    private const int FixedLength = 128;
    private readonly ListingDates _dates = new(nowUtc);

    public int Write(IBufferWriter<byte> writer, FtpEntry entry, ReadOnlySpan<byte> prefix, string name)
    {
        string? target = options.FollowsLinks && entry.Kind != FtpEntryKind.DanglingLink ? null : entry.LinkTarget;
        string owner = OwnerWord(entry.Owner, entry.OwnerId);
        string group = OwnerWord(entry.Group, entry.GroupId);
        int most = FixedLength + prefix.Length + (3 * (name.Length + owner.Length + group.Length + (target?.Length ?? 0)));
        Octets line = new(writer.GetSpan(most));
        AddMode(ref line, entry, target is not null);
        line.Add((byte)' ');
        line.AddNumber(entry.LinkCount, 3);
        line.Add((byte)' ');
        AddOwner(ref line, owner, entry.OwnerId);
        AddOwner(ref line, group, entry.GroupId);
        line.AddNumber(target is null ? entry.Size : FtpText.GetByteCount(target), 12);
        line.Add((byte)' ');
        line.Add(_dates.Listing(entry.ModifiedUtc));
        line.Add((byte)' ');
        line.Add(prefix);
        line.AddVisible(name);
        if (target is not null)
        {
            line.Add(" -> "u8);
            line.AddVisible(target);
        }
        else if (options.IsClassified)
        {
            NameFormatter.AddSign(ref line, entry, isLink: false);
        }
        line.Add("\r\n"u8);
        writer.Advance(line.Length);
        return line.Length;
    }

    private static void AddMode(ref Octets line, FtpEntry entry, bool isLink)
    {
        if (isLink)
        {
            line.Add("lrwxrwxrwx"u8);
            return;
        }
        line.Add(entry.Kind switch
        {
            FtpEntryKind.Directory => (byte)'d',
            FtpEntryKind.DanglingLink => (byte)'l',
            FtpEntryKind.Other => (byte)'s',
            _ => (byte)'-',
        });
        int mode = entry.Mode;
        AddTriple(ref line, mode >> 6, (mode & 0x800) != 0, (byte)'s');
        AddTriple(ref line, mode >> 3, (mode & 0x400) != 0, (byte)'s');
        AddTriple(ref line, mode, (mode & 0x200) != 0, (byte)'t');
    }

    private static void AddTriple(ref Octets line, int bits, bool isSpecial, byte special)
    {
        bool runs = (bits & 1) != 0;
        line.Add((bits & 4) != 0 ? (byte)'r' : (byte)'-');
        line.Add((bits & 2) != 0 ? (byte)'w' : (byte)'-');
        if (isSpecial)
            line.Add(runs ? special : (byte)(special - 0x20));
        else
            line.Add(runs ? (byte)'x' : (byte)'-');
    }

    private static void AddOwner(ref Octets line, string word, int? id)
    {
        int start = line.Length;
        if (word.Length == 0)
            line.AddNumber(id ?? UnknownId);
        else
            line.AddWord(word);
        line.AddSpaces(Math.Max(1, 9 - (line.Length - start)));
    }

    /// <summary>The word to show, or an empty one for the number: with <c>-n</c>, and for names that would be taken for a month.</summary>
    private string OwnerWord(string? name, int? id)
    {
        if (options.IsNumeric)
            return "";
        if (name is null || hidesOwners)
            return "ftp";
        return name.Length == 0 || ListingDates.IsMonth(name) ? "" : name;
    }
}
