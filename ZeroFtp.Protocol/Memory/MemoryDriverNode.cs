using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Memory;

/// <summary>An object of a <see cref="MemoryTree"/>: a file, a directory or a link. Everything here is touched under the tree's lock only.</summary>
internal sealed class MemoryDriverNode
{
    private FtpEntry? _entry;

    private MemoryDriverNode(long id, DateTime now, int mode)
    {
        Id = id;
        CreatedUtc = now;
        ModifiedUtc = now;
        Mode = mode;
    }

    public string Name { get; set; } = "";

    public MemoryDriverNode? Parent { get; set; }

    /// <summary>The members of a directory by name, in octet order; null for anything else.</summary>
    public SortedDictionary<string, MemoryDriverNode>? Members { get; private init; }

    /// <summary>Where a link points; null for anything else.</summary>
    public string? Target { get; private init; }

    public MemoryDriverContent Content { get; set; } = MemoryDriverContent.Empty;

    public bool IsPartial { get; set; }

    public string? Owner { get; init; }

    public int Mode { get; set; }

    public DateTime ModifiedUtc { get; set; }

    public DateTime CreatedUtc { get; set; }

    public bool IsDirectory => Members is not null;

    public bool IsLink => Target is not null;

    /// <summary>The entries of this directory as they were last listed; null once a member changed.</summary>
    public FtpEntry[]? Listed { get; set; }

    private long Id { get; }

    public static MemoryDriverNode Directory(long id, DateTime now, int mode, string? owner) =>
        new(id, now, mode) { Owner = owner, Members = new SortedDictionary<string, MemoryDriverNode>(FtpText.OctetOrder) };

    public static MemoryDriverNode File(long id, DateTime now, int mode, string? owner) => new(id, now, mode) { Owner = owner };

    public static MemoryDriverNode Link(long id, DateTime now, string target, string? owner) => new(id, now, 0x1FF) { Owner = owner, Target = target };

    /// <summary>Forgets the entries made from this node, after a change to it.</summary>
    public void Touch()
    {
        _entry = null;
        if (Parent is not null)
            Parent.Listed = null;
    }

    /// <summary>What is known of a file or directory; links have to be followed first.</summary>
    public FtpEntry ToEntry() => _entry ??= new FtpEntry
    {
        Name = Name,
        Kind = IsDirectory ? FtpEntryKind.Directory : FtpEntryKind.File,
        Size = Content.Length,
        ModifiedUtc = ModifiedUtc,
        CreatedUtc = CreatedUtc,
        Mode = Mode,
        Owner = Owner,
        LinkCount = IsDirectory ? 2 : 1,
        // Neighbours in time do not get neighbouring tokens (RFC 3659 section 7.5.2); the mapping is one to one.
        Unique = ((ulong)Id * 0x9E3779B97F4A7C15).ToString("x", System.Globalization.CultureInfo.InvariantCulture),
        Permissions = Allowed(),
        IsPartial = IsPartial,
    };

    public bool IsWithin(MemoryDriverNode directory)
    {
        for (MemoryDriverNode? node = this; node is not null; node = node.Parent)
        {
            if (node == directory)
                return true;
        }
        return false;
    }

    /// <summary>The owner's bits of the mode hold for everybody; null if they limit nothing.</summary>
    private FtpPermissions? Allowed()
    {
        FtpPermissions denied = FtpPermissions.None;
        if ((Mode & 0b100_000_000) == 0)
            denied |= IsDirectory ? FtpPermissions.List : FtpPermissions.Read;
        if ((Mode & 0b010_000_000) == 0)
            denied |= FtpPermissions.Write | FtpPermissions.Append | FtpPermissions.MakeDirectory;
        return denied == FtpPermissions.None ? null : FtpPermissions.All & ~denied;
    }
}
