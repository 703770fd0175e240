using System.Globalization;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Driver;

/// <summary>Maps rows to the entries that clients see.</summary>
internal static class EntryMapping
{
    private const int DirectoryLinks = 2;

    /// <summary>Returns the entry of a row that is not a link.</summary>
    public static FtpEntry ToEntry(FileRow row, FtpPermissions? permissions) => new()
    {
        Name = row.Name,
        Kind = row.IsDirectory ? FtpEntryKind.Directory : FtpEntryKind.File,
        Size = row.Size,
        ModifiedUtc = MetadataTime.ToUtc(row.ModTime),
        CreatedUtc = MetadataTime.ToUtc(row.BirthTime),
        Mode = row.Mode,
        Owner = row.Owner.Length == 0 ? null : row.Owner,
        LinkCount = row.IsDirectory ? DirectoryLinks : 1,
        Unique = Opaque(row.Id).ToString("x", CultureInfo.InvariantCulture),
        IsPartial = row.IsPartial,
        Permissions = permissions,
    };

    /// <summary>Hides ids: neighbouring ids would reveal other users' files, their tokens do not (RFC 3659 section 7.5.2). The mapping is one to one.</summary>
    private static ulong Opaque(long id)
    {
        ulong mixed = (ulong)id;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Returns the entry of a link: its own name, and everything else from its target; null if it leads nowhere.</summary>
    public static FtpEntry ToEntry(FileRow link, FileRow? target, FtpPermissions? permissions) => target is not null
        ? ToEntry(target, permissions) with { Name = link.Name, LinkTarget = link.Link }
        : ToEntry(link, permissions) with { Kind = FtpEntryKind.DanglingLink, LinkTarget = link.Link };
}
