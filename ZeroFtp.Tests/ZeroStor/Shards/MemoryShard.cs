using System.Collections.Concurrent;
using System.IO.Hashing;

namespace ZeroFtp.ZeroStor.Shards;

internal sealed class MemoryShard(string id) : Shard(id)
{
    private readonly ConcurrentDictionary<ulong, (byte[] Octets, ulong Checksum, long Seconds)> _parts = new();
    private long _next;

    public override long Count => _parts.Count;

    public override long StoredBytes => _parts.Values.Sum(p => (long)p.Octets.Length);

    public override ulong Set(ReadOnlySpan<byte> octets)
    {
        ulong key = (ulong)(Interlocked.Increment(ref _next) - 1);
        byte[] copy = GC.AllocateUninitializedArray<byte>(octets.Length);
        octets.CopyTo(copy);
        _parts[key] = (copy, XxHash3.HashToUInt64(octets), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        return key;
    }

    public override int? Get(ulong key, Span<byte> target)
    {
        if (!_parts.TryGetValue(key, out (byte[] Octets, ulong Checksum, long Seconds) part))
            return null;
        part.Octets.AsSpan(0, Math.Min(part.Octets.Length, target.Length)).CopyTo(target);
        return part.Octets.Length;
    }

    public override PartState Check(ulong key) =>
        !_parts.TryGetValue(key, out (byte[] Octets, ulong Checksum, long Seconds) part) ? PartState.Missing
        : XxHash3.HashToUInt64(part.Octets) == part.Checksum ? PartState.Good
        : PartState.Corrupt;

    public override ShardEntry? Find(ulong key) => _parts.TryGetValue(key, out (byte[] Octets, ulong Checksum, long Seconds) part) ? new ShardEntry(part.Octets.Length, part.Seconds) : null;

    public override ulong Next => (ulong)Interlocked.Read(ref _next);

    public override bool Delete(ulong key) => _parts.TryRemove(key, out _);

    public override IReadOnlyList<ulong> Keys() => [.. _parts.Keys];

    public override void Empty()
    {
        _parts.Clear();
        Interlocked.Exchange(ref _next, 0);
    }

    public override void Flip(ulong key, int position)
    {
        if (_parts.TryGetValue(key, out (byte[] Octets, ulong Checksum, long Seconds) part))
            part.Octets[position % part.Octets.Length] ^= 0x40;
    }
}
