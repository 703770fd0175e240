using System.Buffers;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Lines of MLSD and MLST (RFC 3659 section 7.2): the selected facts in their fixed order, one space, the name octet by octet.</summary>
internal sealed class FactFormatter(MlstFacts facts, FtpPermissions session, FtpListingOptions options) : IEntryFormatter
{
    // All facts with their names and numbers, without texts of the entry.
    private const int FixedLength = 400;
    private readonly ListingDates _dates = new(default);

    /// <inheritdoc/>
    public int Write(IBufferWriter<byte> writer, FtpEntry entry, ReadOnlySpan<byte> prefix, string name) => Write(writer, entry, TypeOf(entry), prefix, name);

    /// <summary>As the other, with a given type: <c>cdir</c>, <c>pdir</c>.</summary>
    public int Write(IBufferWriter<byte> writer, FtpEntry entry, ReadOnlySpan<byte> type, ReadOnlySpan<byte> prefix, string name)
    {
        if (NameFormatter.HasLineEnd(name))
            return 0;
        string? mediaType = MediaTypeOf(entry);
        int texts = name.Length + (entry.LinkTarget?.Length ?? 0) + (entry.Unique?.Length ?? 0) + (entry.Owner?.Length ?? 0) + (entry.Group?.Length ?? 0) + (mediaType?.Length ?? 0);
        Octets line = new(writer.GetSpan(FixedLength + prefix.Length + (9 * texts)));
        AddCommon(ref line, entry, type);
        if (mediaType is not null)
        {
            line.Add("media-type="u8);
            line.AddWord(mediaType);
            line.Add((byte)';');
        }
        if (facts >= MlstFacts.UnixMode)
            AddUnix(ref line, entry);
        line.Add((byte)' ');
        line.Add(prefix);
        line.AddName(name);
        line.Add("\r\n"u8);
        writer.Advance(line.Length);
        return line.Length;
    }

    /// <summary>The line of MLST between its two reply lines, with its leading space and without its CRLF, as text; the name is the whole path.</summary>
    public string MlstLine(FtpEntry entry, FtpPath path)
    {
        ArrayBufferWriter<byte> writer = new();
        Write(writer, entry, default, path.Text);
        return " " + FtpText.Decode(writer.WrittenSpan[..^2]);
    }

    private void AddCommon(ref Octets line, FtpEntry entry, ReadOnlySpan<byte> type)
    {
        if (Has(MlstFacts.Type))
        {
            line.Add("type="u8);
            line.Add(type);
            if (type.EndsWith(":"u8))
                AddTarget(ref line, entry.LinkTarget ?? "");
            line.Add((byte)';');
        }
        if (Has(MlstFacts.Size) && entry.Kind is FtpEntryKind.File or FtpEntryKind.Other)
        {
            line.Add("size="u8);
            line.AddNumber(entry.Size);
            line.Add((byte)';');
        }
        if (Has(MlstFacts.Modify) && entry.ModifiedUtc.Ticks != 0)
        {
            line.Add("modify="u8);
            line.Add(_dates.Fact(entry.ModifiedUtc));
            line.Add((byte)';');
        }
        if (Has(MlstFacts.Create) && entry.CreatedUtc is DateTime created)
        {
            line.Add("create="u8);
            line.Add(_dates.Fact(created));
            line.Add((byte)';');
        }
        if (Has(MlstFacts.Perm))
        {
            line.Add("perm="u8);
            PermFact.Write(ref line, entry, session);
            line.Add((byte)';');
        }
        if (Has(MlstFacts.Unique) && entry.Unique is string unique)
        {
            line.Add("unique="u8);
            line.AddWord(unique);
            line.Add((byte)';');
        }
    }

    private void AddUnix(ref Octets line, FtpEntry entry)
    {
        if (Has(MlstFacts.UnixMode))
        {
            line.Add("UNIX.mode="u8);
            for (int shift = 9; shift >= 0; shift -= 3)
                line.Add((byte)('0' + ((entry.Mode >> shift) & 7)));
            line.Add((byte)';');
        }
        int owner = options.HideOwners ? LsFormatter.UnknownId : entry.OwnerId ?? LsFormatter.UnknownId;
        int group = options.HideOwners ? LsFormatter.UnknownId : entry.GroupId ?? LsFormatter.UnknownId;
        AddNumber(ref line, MlstFacts.UnixOwner, "UNIX.owner="u8, owner);
        AddNumber(ref line, MlstFacts.UnixGroup, "UNIX.group="u8, group);
        AddNumber(ref line, MlstFacts.UnixUid, "UNIX.uid="u8, owner);
        AddNumber(ref line, MlstFacts.UnixGid, "UNIX.gid="u8, group);
        AddWord(ref line, MlstFacts.UnixOwnerName, "UNIX.ownername="u8, entry.Owner);
        AddWord(ref line, MlstFacts.UnixGroupName, "UNIX.groupname="u8, entry.Group);
    }

    private void AddNumber(ref Octets line, MlstFacts fact, ReadOnlySpan<byte> name, int value)
    {
        if (!Has(fact))
            return;
        line.Add(name);
        line.AddNumber(value);
        line.Add((byte)';');
    }

    private void AddWord(ref Octets line, MlstFacts fact, ReadOnlySpan<byte> name, string? value)
    {
        if (!Has(fact))
            return;
        line.Add(name);
        line.AddWord(options.HideOwners ? "ftp" : value ?? "ftp");
        line.Add((byte)';');
    }

    private bool Has(MlstFacts fact) => (facts & fact) != 0;

    private ReadOnlySpan<byte> TypeOf(FtpEntry entry)
    {
        bool isLink = entry.Kind == FtpEntryKind.DanglingLink || (entry.LinkTarget is not null && options.LinkFacts != FtpLinkFacts.TargetType);
        if (isLink)
            return options.LinkFacts == FtpLinkFacts.Symlink ? "OS.unix=symlink"u8 : "OS.unix=slink:"u8;
        return entry.Kind switch
        {
            FtpEntryKind.File => "file"u8,
            FtpEntryKind.Directory => "dir"u8,
            _ => "OS.unix=special"u8,
        };
    }

    /// <summary>The target of a link as part of a fact, which cannot hold everything: the octets that it cannot are written as in a URL.</summary>
    private static void AddTarget(ref Octets line, string target)
    {
        foreach (byte octet in FtpText.Encode(target))
        {
            if (octet is > (byte)' ' and not ((byte)';' or (byte)'%' or 0x7F))
            {
                line.Add(octet);
                continue;
            }
            line.Add((byte)'%');
            line.Add("0123456789ABCDEF"u8[octet >> 4]);
            line.Add("0123456789ABCDEF"u8[octet & 15]);
        }
    }

    private string? MediaTypeOf(FtpEntry entry)
    {
        if (!Has(MlstFacts.MediaType) || options.MediaTypes is null || !entry.IsFile)
            return null;
        int dot = entry.Name.LastIndexOf('.');
        return dot >= 0 && options.MediaTypes.TryGetValue(entry.Name[dot..].ToLowerInvariant(), out string? type) ? type : null;
    }
}
