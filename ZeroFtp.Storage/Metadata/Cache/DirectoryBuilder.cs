using System.Text;

namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>Builds a <see cref="CachedDirectory"/> from entries in the order of their names.</summary>
internal sealed class DirectoryBuilder(long id, int entries = 16, int bytes = 256)
{
    private readonly List<Slot> _slots = new(entries);
    private readonly List<string> _owners = [];

    private byte[] _names = new byte[bytes];
    private int _used;

    /// <summary>The approximate memory of the directory, in bytes.</summary>
    public long Bytes => (_slots.Count * 56L) + _used;

    public void Add(FileRow row)
    {
        int at = _used;
        int name = Append(row.Name);
        int link = row.Link is null ? 0 : Append(row.Link);
        _slots.Add(new Slot(row, at, name, link, OwnerOf(row.Owner)));
    }

    /// <summary>Copies an entry from another directory without creating a row.</summary>
    public void Add(in Slot slot, byte[] names, string[] owners)
    {
        int length = slot.NameLength + slot.LinkLength;
        Reserve(length);
        names.AsSpan(slot.NameAt, length).CopyTo(_names.AsSpan(_used));
        _slots.Add(slot.At(_used, OwnerOf(owners[slot.Owner])));
        _used += length;
    }

    public CachedDirectory Build(long version) => new(id, version, [.. _slots], _names.AsSpan(0, _used).ToArray(), [.. _owners]);

    private int Append(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        int length = Encoding.UTF8.GetBytes(text, _names.AsSpan(_used));
        _used += length;
        return length;
    }

    private void Reserve(int bytes)
    {
        if (_used + bytes > _names.Length)
            Array.Resize(ref _names, Math.Max(_used + bytes, _names.Length * 2));
    }

    // Most directories have one or two owners; try the last one first.
    private ushort OwnerOf(string owner)
    {
        for (int i = _owners.Count - 1; i >= 0; i--)
        {
            if (_owners[i] == owner)
                return (ushort)i;
        }
        if (_owners.Count > ushort.MaxValue)
            throw new InvalidOperationException("Too many owners in one directory.");
        _owners.Add(owner);
        return (ushort)(_owners.Count - 1);
    }
}
