using ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

namespace ZeroFtp.Tests.Storage.ZeroStor.Direct;

/// <summary>The erasure code against the plain definition, byte by byte.</summary>
public sealed class PartCodeTests
{
    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(3, 1, 768)]
    [InlineData(3, 1, 100_001)]
    [InlineData(4, 2, 65_537)]
    [InlineData(10, 4, 1_000_003)]
    [InlineData(5, 7, 30_000)]
    [InlineData(1, 1, 5_000)]
    [InlineData(200, 54, 90_000)]
    public void Gives_the_parity_of_the_definition_and_the_block_from_any_parts(int data, int parity, int size)
    {
        Random random = new(data + parity + size);
        byte[] block = new byte[size];
        random.NextBytes(block);
        PartCode code = new(data, parity);
        byte[] buffer = new byte[code.RoomFor(size)];
        block.CopyTo(buffer, 0);
        Memory<byte>[] parts = new Memory<byte>[data + parity];
        code.Divide(buffer, size, parts);

        int length = code.PartLength(size);
        for (int row = data; row < data + parity; row++)
        {
            byte[] slow = new byte[length];
            for (int column = 0; column < data; column++)
            {
                byte factor = GaloisField.Invert((byte)(row ^ column));
                for (int i = 0; i < length; i++)
                    slow[i] ^= SlowlyMultiply(factor, parts[column].Span[i]);
            }
            Assert.True(slow.AsSpan().SequenceEqual(parts[row].Span), $"parity {row}");
        }
        for (int attempt = 0; attempt < 20; attempt++)
        {
            int[] chosen = [.. Enumerable.Range(0, data + parity).OrderBy(_ => random.Next()).Take(data)];
            ReadOnlyMemory<byte>[] left = [.. parts.Select((part, i) => chosen.Contains(i) ? (ReadOnlyMemory<byte>)part : default)];
            byte[] joined = new byte[length * data];
            code.Join(size, left, chosen, joined);
            Assert.True(joined.AsSpan(0, size).SequenceEqual(block), string.Join(' ', chosen));
        }
    }

    [Fact]
    public void Has_the_rows_that_the_daemon_uses()
    {
        Assert.Equal("F48E01", Convert.ToHexString(CodeMatrix.Cauchy(3, 1).Row(3)));
        Assert.Equal("47A77ABA", Convert.ToHexString(CodeMatrix.Cauchy(4, 2).Row(4)));
        Assert.Equal("A747BA7A", Convert.ToHexString(CodeMatrix.Cauchy(4, 2).Row(5)));
    }

    // Russian peasant multiplication: nothing in common with the tables of the product.
    private static byte SlowlyMultiply(byte left, byte right)
    {
        int product = 0, factor = left;
        for (int bits = right; bits != 0; bits >>= 1)
        {
            product ^= (bits & 1) != 0 ? factor : 0;
            factor = (factor << 1) ^ ((factor & 0x80) != 0 ? 0x11d : 0);
        }
        return (byte)product;
    }
}
