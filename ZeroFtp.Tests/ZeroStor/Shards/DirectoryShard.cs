using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.ZeroStor.Shards;

/// <summary>
/// Appends parts to a file; a key is the number of the file and the offset in it, so there is no index to keep or to rebuild. Each start makes a file of its own, so several stand-ins may share a directory.
/// </summary>
internal sealed class DirectoryShard : Shard
{
    // magic(4) length(4) checksum(8) deleted(1) unused(7)
    private const int Header = 24;
    private const uint Magic = 0x5A53_5031;
    private const int DeletedAt = 16;

    private readonly string _directory;
    private readonly ConcurrentDictionary<ushort, SafeFileHandle> _files = new();
    private readonly ushort _own;
    private long _end;

    public DirectoryShard(string id, string directory)
        : base(id)
    {
        _directory = Directory.CreateDirectory(directory).FullName;
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

    public override ulong Set(ReadOnlySpan<byte> octets)
    {
        Span<byte> header = stackalloc byte[Header];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], octets.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], XxHash3.HashToUInt64(octets));
        long offset = Interlocked.Add(ref _end, Header + octets.Length) - Header - octets.Length;
        RandomAccess.Write(_files[_own], octets, offset + Header);
        RandomAccess.Write(_files[_own], header, offset);
        return ((ulong)_own << 48) | (ulong)offset;
    }

    public override bool Get(ulong key, Span<byte> target)
    {
        Span<byte> header = stackalloc byte[Header];
        return TryOpen(key, header, out SafeFileHandle file, out long offset) && LengthOf(header) >= target.Length && Fill(file, target, offset + Header);
    }

    public override PartState Check(ulong key)
    {
        Span<byte> header = stackalloc byte[Header];
        if (!TryOpen(key, header, out SafeFileHandle file, out long offset))
            return PartState.Missing;
        byte[] octets = new byte[LengthOf(header)];
        return Fill(file, octets, offset + Header) && XxHash3.HashToUInt64(octets) == BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) ? PartState.Good : PartState.Corrupt;
    }

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
        byte[] header = new byte[Header];
        foreach (string path in Directory.EnumerateFiles(_directory, "*.part"))
        {
            ushort number = ushort.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture);
            if (!TryFile(number, out SafeFileHandle file))
                continue;
            long length = RandomAccess.GetLength(file);
            for (long offset = 0; offset + Header <= length && Fill(file, header, offset) && BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic; offset += Header + LengthOf(header))
            {
                if (header[DeletedAt] == 0)
                    keys.Add(((ulong)number << 48) | (ulong)offset);
            }
        }

        return keys;
    }

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
        offset = (long)(key & 0xFFFF_FFFF_FFFF);
        return TryFile((ushort)(key >> 48), out file) && Fill(file, header, offset) && BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic && header[DeletedAt] == 0;
    }
}
