using System.Collections.Concurrent;
using System.IO.Hashing;

namespace ZeroFtp.ZeroStor.Shards;

internal sealed class MemoryShard(string id) : Shard(id)
{
    private readonly ConcurrentDictionary<ulong, (byte[] Octets, ulong Checksum)> _parts = new();
    private ulong _last;

    public override long Count => _parts.Count;

    public override ulong Set(ReadOnlySpan<byte> octets)
    {
        ulong key = Interlocked.Increment(ref _last);
        byte[] copy = GC.AllocateUninitializedArray<byte>(octets.Length);
        octets.CopyTo(copy);
        _parts[key] = (copy, XxHash3.HashToUInt64(octets));
        return key;
    }

    public override bool Get(ulong key, Span<byte> target)
    {
        if (!_parts.TryGetValue(key, out (byte[] Octets, ulong Checksum) part) || part.Octets.Length < target.Length)
            return false;
        part.Octets.AsSpan(0, target.Length).CopyTo(target);
        return true;
    }

    public override PartState Check(ulong key) =>
        !_parts.TryGetValue(key, out (byte[] Octets, ulong Checksum) part) ? PartState.Missing
        : XxHash3.HashToUInt64(part.Octets) == part.Checksum ? PartState.Good
        : PartState.Corrupt;

    public override bool Delete(ulong key) => _parts.TryRemove(key, out _);

    public override IReadOnlyList<ulong> Keys() => [.. _parts.Keys];

    public override void Flip(ulong key, int position)
    {
        if (_parts.TryGetValue(key, out (byte[] Octets, ulong Checksum) part))
            part.Octets[position % part.Octets.Length] ^= 0x40;
    }
}
