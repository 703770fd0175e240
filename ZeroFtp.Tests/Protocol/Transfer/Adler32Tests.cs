using CsCheck;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Tests.Protocol.Transfer;

public sealed class Adler32Tests
{
    [Fact]
    public void The_checksum_is_that_of_the_definition() => Gen.Select(Gen.OneOf(Gen.Byte, Gen.Const((byte)0xFF)).Array[0, 20_000], Gen.Int[0, 20_000]).Sample((data, cut) =>
    {
        long first = 1;
        long second = 0;
        foreach (byte value in data)
        {
            first = (first + value) % 65521;
            second = (second + first) % 65521;
        }
        Adler32 checksum = new();
        checksum.Append(data.AsSpan(0, Math.Min(cut, data.Length)));
        checksum.Append(data.AsSpan(Math.Min(cut, data.Length)));
        return checksum.Value == ((second << 16) | first);
    }, iter: 50);

    [Fact]
    public void The_largest_octets_do_not_overflow()
    {
        Adler32 checksum = new();
        for (int count = 0; count < 20; count++)
            checksum.Append(Enumerable.Repeat((byte)0xFF, 5552).ToArray());
        long first = 1;
        long second = 0;
        for (int count = 0; count < 20 * 5552; count++)
        {
            first = (first + 0xFF) % 65521;
            second = (second + first) % 65521;
        }
        Assert.Equal((second << 16) | first, checksum.Value);
    }
}
