using System.IO.Hashing;
using CsCheck;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Tests.Storage.Objects;

public sealed class Crc32CombinationTests
{
    [Fact]
    public void Parts_compose_to_the_whole() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 300]).Sample((first, second) =>
        Crc32Combination.Combine(Crc32.HashToUInt32(first), Crc32.HashToUInt32(second), second.Length) == Crc32.HashToUInt32([.. first, .. second]));

    [Fact]
    public void A_long_second_part_costs_no_time()
    {
        // The CRC-32 of 2^32 zero octets after "a" cannot be computed in a test; that of 2^20 can, and doubling must agree with it.
        uint once = Crc32Combination.Combine(Crc32.HashToUInt32("a"u8), Crc32.HashToUInt32(new byte[1 << 20]), 1 << 20);
        byte[] whole = new byte[1 + (1 << 20)];
        whole[0] = (byte)'a';
        Assert.Equal(Crc32.HashToUInt32(whole), once);
        uint zeros = Crc32.HashToUInt32(new byte[1 << 20]);
        uint twice = Crc32Combination.Combine(zeros, zeros, 1 << 20);
        Assert.Equal(Crc32Combination.Combine(once, zeros, 1 << 20), Crc32Combination.Combine(Crc32.HashToUInt32("a"u8), twice, 2 << 20));
    }
}
