using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.ZeroStor.Shards;

/// <summary>
/// Appends parts to a file, and where each begins to an index that is shared by all who serve the directory: a key is a position in the index, so keys count from 0. Each start makes a file of its own, so
/// several stand-ins may share a directory.
/// </summary>
internal sealed class DirectoryShard : Shard
{
    // magic(4) length(4) checksum(8) deleted(1) unused(3) seconds(4)
    private const int Header = 24;
    private const uint Magic = 0x5A53_5031;
    private const int DeletedAt = 16;
    private const int SecondsAt = 20;

    // number of the file(8) offset(8)
    private const int Entry = 16;

    private readonly string _directory;
    private readonly SafeFileHandle _index;
    private readonly Lock _indexing = new();
    private readonly ConcurrentDictionary<ushort, SafeFileHandle> _files = new();
    private readonly ushort _own;
    private long _end;

    public DirectoryShard(string id, string directory)
        : base(id)
    {
        _directory = Directory.CreateDirectory(directory).FullName;
        _index = File.OpenHandle(Path.Combine(_directory, "index"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        ushort number = 1;
        while (_own == 0)
        {
            try
            {
                _files[number] = File.OpenHandle(PathOf(number), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
                _own = number;
            }
            catch (IOException) when (File.Exists(PathOf(number)))
            {
                number++;
            }
        }
    }

    public override long Count => Keys().Count;

    public override long StoredBytes => Keys().Sum(key =>
    {
        Span<byte> header = stackalloc byte[Header];
        return TryOpen(key, header, out _, out _) ? LengthOf(header) : 0L;
    });

    public override ulong Set(ReadOnlySpan<byte> octets)
    {
        Span<byte> header = stackalloc byte[Header];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], octets.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], XxHash3.HashToUInt64(octets));
        BinaryPrimitives.WriteUInt32LittleEndian(header[SecondsAt..], (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        long offset = Interlocked.Add(ref _end, Header + octets.Length) - Header - octets.Length;
        RandomAccess.Write(_files[_own], octets, offset + Header);
        RandomAccess.Write(_files[_own], header, offset);
        return Enter(offset);
    }

    public override int? Get(ulong key, Span<byte> target)
    {
        Span<byte> header = stackalloc byte[Header];
        if (!TryOpen(key, header, out SafeFileHandle file, out long offset))
            return null;
        int length = LengthOf(header);
        return Fill(file, target[..Math.Min(length, target.Length)], offset + Header) ? length : null;
    }

    public override PartState Check(ulong key)
    {
        Span<byte> header = stackalloc byte[Header];
        if (!TryOpen(key, header, out SafeFileHandle file, out long offset))
            return PartState.Missing;
        byte[] octets = new byte[LengthOf(header)];
        return Fill(file, octets, offset + Header) && XxHash3.HashToUInt64(octets) == BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) ? PartState.Good : PartState.Corrupt;
    }

    public override ShardEntry? Find(ulong key)
    {
        Span<byte> header = stackalloc byte[Header];
        return TryOpen(key, header, out _, out _) ? new ShardEntry(LengthOf(header), BinaryPrimitives.ReadUInt32LittleEndian(header[SecondsAt..])) : null;
    }

    public override ulong Next => (ulong)(RandomAccess.GetLength(_index) / Entry);

    public override bool Delete(ulong key)
    {
        Span<byte> header = stackalloc byte[Header];
        if (!TryOpen(key, header, out SafeFileHandle file, out long offset))
            return false;
        RandomAccess.Write(file, [1], offset + DeletedAt);
        return true;
    }

    public override IReadOnlyList<ulong> Keys()
    {
        List<ulong> keys = [];
        Span<byte> header = stackalloc byte[Header];
        ulong end = (ulong)(RandomAccess.GetLength(_index) / Entry);
        for (ulong key = 0; key < end; key++)
        {
            if (TryOpen(key, header, out _, out _))
                keys.Add(key);
        }

        return keys;
    }

    public override void Empty() => WithIndex(() => RandomAccess.SetLength(_index, 0));

    public override void Flip(ulong key, int position)
    {
        Span<byte> header = stackalloc byte[Header];
        Span<byte> octet = stackalloc byte[1];
        if (!TryOpen(key, header, out SafeFileHandle file, out long offset))
            return;
        offset += Header + (position % LengthOf(header));
        _ = RandomAccess.Read(file, octet, offset);
        octet[0] ^= 0x40;
        RandomAccess.Write(file, octet, offset);
    }

    public override void Dispose()
    {
        foreach (SafeFileHandle file in _files.Values)
            file.Dispose();
        _index.Dispose();
        if (_end == 0)
            File.Delete(PathOf(_own));
        base.Dispose();
    }

    private static int LengthOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt32LittleEndian(header[4..]);

    private static bool Fill(SafeFileHandle file, Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            int read = RandomAccess.Read(file, target, offset);
            if (read == 0)
                return false;
            target = target[read..];
            offset += read;
        }

        return true;
    }

    private string PathOf(ushort number) => Path.Combine(_directory, $"{number:D5}.part");

    private bool TryFile(ushort number, out SafeFileHandle file)
    {
        if (_files.TryGetValue(number, out file!))
            return true;
        if (!File.Exists(PathOf(number)))
            return false;
        SafeFileHandle opened = File.OpenHandle(PathOf(number), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file = _files.GetOrAdd(number, opened);
        if (file != opened)
            opened.Dispose();
        return true;
    }

    private bool TryOpen(ulong key, Span<byte> header, out SafeFileHandle file, out long offset)
    {
        Span<byte> entry = stackalloc byte[Entry];
        (file, offset) = (null!, 0);
        if (key > long.MaxValue / Entry || !Fill(_index, entry, (long)key * Entry))
            return false;
        offset = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
        return TryFile((ushort)BinaryPrimitives.ReadInt64LittleEndian(entry), out file)
            && Fill(file, header, offset) && BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic && header[DeletedAt] == 0;
    }

    /// <summary>Gives the part at the offset the next key.</summary>
    private ulong Enter(long offset)
    {
        long key = 0;
        WithIndex(() =>
        {
            Span<byte> entry = stackalloc byte[Entry];
            BinaryPrimitives.WriteInt64LittleEndian(entry, _own);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], offset);
            key = RandomAccess.GetLength(_index) / Entry;
            RandomAccess.Write(_index, entry, key * Entry);
        });
        return (ulong)key;
    }

    /// <summary>Changes the index while nobody else does: the lock keeps out the threads of this process, an open file that is not shared the other processes.</summary>
    private void WithIndex(Action change)
    {
        lock (_indexing)
        {
            using FileStream exclusive = OpenExclusive();
            change();
        }
    }

    private FileStream OpenExclusive()
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(_directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
            }
            catch (IOException)
            {
                Thread.Yield();
            }
        }
    }
}
