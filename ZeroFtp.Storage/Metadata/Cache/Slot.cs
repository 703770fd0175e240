namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>One entry of a cached directory: 56 bytes. Its name and the target of its link are in the directory's <c>names</c>.</summary>
internal readonly record struct Slot
{
    private const byte DirectoryFlag = 1;
    private const byte PartialFlag = 2;
    private const byte LinkFlag = 4;

    public Slot(FileRow row, int nameAt, int nameLength, int linkLength, ushort owner)
    {
        (Id, Size, ModTime, BirthTime, Version) = (row.Id, row.Size, row.ModTime, row.BirthTime, row.Version);
        (NameAt, NameLength, LinkLength, Owner, Mode) = (nameAt, (ushort)nameLength, (ushort)linkLength, owner, (ushort)row.Mode);
        Flags = (byte)((row.IsDirectory ? DirectoryFlag : 0) | (row.IsPartial ? PartialFlag : 0) | (row.Link is null ? 0 : LinkFlag));
    }

    /// <summary>Returns the entry with its name at another position.</summary>
    public Slot At(int nameAt, ushort owner) => this with { NameAt = nameAt, Owner = owner };

    public long Id { get; }

    public long Size { get; }

    public long ModTime { get; }

    public long BirthTime { get; }

    public long Version { get; }

    public int NameAt { get; private init; }

    public ushort LinkLength { get; }

    public ushort Owner { get; private init; }

    public ushort Mode { get; }

    public ushort NameLength { get; }

    public byte Flags { get; }

    public bool IsDirectory => (Flags & DirectoryFlag) != 0;

    public bool IsPartial => (Flags & PartialFlag) != 0;

    public bool IsLink => (Flags & LinkFlag) != 0;
}
