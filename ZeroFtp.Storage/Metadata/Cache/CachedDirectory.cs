using System.Text;

namespace ZeroFtp.Storage.Metadata.Cache;

/// <summary>
/// All entries of a directory at one version, immutable. Consists of sorted slots, the bytes of their names, and a short sorted list of later changes on top,
/// so that a change does not copy a large directory.
/// </summary>
internal sealed class CachedDirectory
{
    private const int FixedBytes = 256;

    private const int ChangeBytes = 320;

    private readonly Slot[] _slots;
    private readonly byte[] _names;
    private readonly string[] _owners;
    private readonly Change[] _changes;

    internal CachedDirectory(long id, long version, Slot[] slots, byte[] names, string[] owners, Change[]? changes = null, int? count = null)
    {
        (Id, Version, _slots, _names, _owners, _changes) = (id, version, slots, names, owners, changes ?? []);
        Count = count ?? slots.Length;
    }

    public long Id { get; }

    public long Version { get; }

    /// <summary>The number of entries.</summary>
    public int Count { get; }

    /// <summary>The approximate memory, in bytes.</summary>
    public long Bytes => FixedBytes + (_slots.Length * 56L) + _names.Length + (_changes.Length * ChangeBytes);

    // Each change copies the list of changes; when the list is full, the next change copies everything.
    private int MaxChanges => Math.Clamp(_slots.Length / 64, 128, 1_024);

    /// <summary>Returns the entry of that name, or null.</summary>
    public FileRow? Find(string name)
    {
        Span<byte> bytes = stackalloc byte[1_024];
        if (!Encoding.UTF8.TryGetBytes(name, bytes, out int length))
            return null;
        ReadOnlySpan<byte> key = bytes[..length];
        int change = FindChange(key);
        if (change >= 0)
            return _changes[change].Row;
        int slot = FindSlot(key);
        return slot >= 0 ? Row(slot, name) : null;
    }

    /// <summary>Returns the directory with an entry added or replaced.</summary>
    public CachedDirectory With(FileRow row, long version) => Changed(new Change(Encoding.UTF8.GetBytes(row.Name), row), version);

    /// <summary>Returns the directory without an entry.</summary>
    public CachedDirectory Without(string name, long version) => Changed(new Change(Encoding.UTF8.GetBytes(name), null), version);

    /// <summary>Enumerates the entries in the byte order of their names.</summary>
    public Walk Entries() => new(this);

    private CachedDirectory Changed(Change change, long version)
    {
        bool had = Find(Encoding.UTF8.GetString(change.Name)) is not null;
        int count = Count + (change.Row is null ? 0 : 1) - (had ? 1 : 0);
        int at = FindChange(change.Name);
        Change[] changes;
        if (at >= 0)
        {
            changes = [.. _changes];
            changes[at] = change;
        }
        else
        {
            changes = new Change[_changes.Length + 1];
            at = ~at;
            Array.Copy(_changes, changes, at);
            changes[at] = change;
            Array.Copy(_changes, at, changes, at + 1, _changes.Length - at);
        }
        CachedDirectory changed = new(Id, version, _slots, _names, _owners, changes, count);
        return changes.Length <= MaxChanges ? changed : changed.Merged();
    }

    private CachedDirectory Merged()
    {
        DirectoryBuilder builder = new(Id, Count, _names.Length + (_changes.Length * 32));
        for (Walk walk = Entries(); walk.MoveNext();)
            walk.AddTo(builder);
        return builder.Build(Version);
    }

    private int FindChange(ReadOnlySpan<byte> name)
    {
        int low = 0, high = _changes.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = name.SequenceCompareTo(_changes[middle].Name);
            if (order == 0)
                return middle;
            if (order < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }
        return ~low;
    }

    private int FindSlot(ReadOnlySpan<byte> name)
    {
        int low = 0, high = _slots.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = name.SequenceCompareTo(NameOf(middle));
            if (order == 0)
                return middle;
            if (order < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }
        return ~low;
    }

    private ReadOnlySpan<byte> NameOf(int slot) => _names.AsSpan(_slots[slot].NameAt, _slots[slot].NameLength);

    private FileRow Row(int slot, string? name = null)
    {
        ref readonly Slot s = ref _slots[slot];
        return new FileRow
        {
            Id = s.Id,
            Directory = Id,
            Name = name ?? Encoding.UTF8.GetString(NameOf(slot)),
            IsDirectory = s.IsDirectory,
            Mode = s.Mode,
            ModTime = s.ModTime,
            BirthTime = s.BirthTime,
            Size = s.Size,
            IsPartial = s.IsPartial,
            Link = s.IsLink ? Encoding.UTF8.GetString(_names, s.NameAt + s.NameLength, s.LinkLength) : null,
            Owner = _owners[s.Owner],
            Version = s.Version,
        };
    }

    /// <summary>An entry that was added, replaced or (if the row is null) removed.</summary>
    internal readonly record struct Change(byte[] Name, FileRow? Row);

    /// <summary>An enumerator of the entries.</summary>
    internal struct Walk(CachedDirectory directory)
    {
        private int _slot = -1;
        private int _change = -1;
        private int _nextSlot;
        private int _nextChange;

        /// <summary>The current entry.</summary>
        public readonly FileRow Current => _change >= 0 ? directory._changes[_change].Row! : directory.Row(_slot);

        public bool MoveNext()
        {
            while (true)
            {
                bool hasSlot = _nextSlot < directory._slots.Length, hasChange = _nextChange < directory._changes.Length;
                if (!hasSlot && !hasChange)
                    return false;
                int order = !hasSlot ? 1 : !hasChange ? -1 : directory.NameOf(_nextSlot).SequenceCompareTo(directory._changes[_nextChange].Name);
                if (order < 0)
                {
                    (_slot, _change) = (_nextSlot++, -1);
                    return true;
                }
                if (order == 0)
                    _nextSlot++;
                _change = _nextChange++;
                if (directory._changes[_change].Row is not null)
                    return true;
            }
        }

        internal readonly void AddTo(DirectoryBuilder builder)
        {
            if (_change >= 0)
                builder.Add(directory._changes[_change].Row!);
            else
                builder.Add(directory._slots[_slot], directory._names, directory._owners);
        }
    }
}
