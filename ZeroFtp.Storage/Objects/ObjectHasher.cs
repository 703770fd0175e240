using System.Buffers;
using System.IO.Hashing;

namespace ZeroFtp.Storage.Objects;

/// <summary>Computes an <see cref="ObjectHash"/> of octets as they pass. Not for several threads at a time.</summary>
internal sealed class ObjectHasher
{
    private static int _isWarm;

    private readonly XxHash128 _xxHash = new();
    private readonly Crc32 _crc = new();

    /// <summary>
    /// Hashes a few mebibytes of nothing. The hashes come from a library that is compiled as the program runs, and not well at first: without this the first large upload after a start would be hashed at a
    /// fifth of the speed.
    /// </summary>
    public static void WarmUp()
    {
        if (Interlocked.Exchange(ref _isWarm, 1) != 0)
            return;
        ObjectHasher hasher = new();
        byte[] octets = new byte[64 << 10];
        for (int i = 0; i < 64; i++)
            hasher.Append(octets);
        hasher.Finish();
    }

    public void Append(ReadOnlySpan<byte> octets)
    {
        _xxHash.Append(octets);
        _crc.Append(octets);
    }

    public void Append(ReadOnlySequence<byte> octets)
    {
        foreach (ReadOnlyMemory<byte> segment in octets)
            Append(segment.Span);
    }

    /// <summary>The digests of all octets since the last call, and begins anew.</summary>
    public ObjectHash Finish()
    {
        ObjectHash hash = new(_xxHash.GetCurrentHashAsUInt128(), _crc.GetCurrentHashAsUInt32());
        _xxHash.Reset();
        _crc.Reset();
        return hash;
    }

    /// <summary>The digests of one stretch of memory.</summary>
    public static ObjectHash Compute(ReadOnlySpan<byte> octets) => new(XxHash128.HashToUInt128(octets), Crc32.HashToUInt32(octets));
}
