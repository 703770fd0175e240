using System.Text;
using CsCheck;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Protocol.Driver;

public sealed class FtpTextTests
{
    // Random bytes, with much of what is nearly valid: cut sequences, overlong forms, surrogates, and the code points that stand for escapes.
    private static readonly Gen<byte[]> Octets = Gen.OneOf(
        Gen.Byte.Select(value => new[] { value }),
        Gen.OneOf<byte[]>(
            [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80], [0xF3, 0xB0, 0x82, 0x80], [0xF3, 0xB0, 0x83, 0xBF], [0xF3, 0xB0, 0x81, 0xBF], [0xF3, 0xB0, 0x84, 0x80],
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xF3, 0xB0, 0x82], [0xEF, 0xBF, 0xBD], [0x61])).Array[0, 12].Select(parts => parts.SelectMany(part => part).ToArray());

    [Fact]
    public void Octets_come_back_unchanged() => Octets.Sample(bytes => FtpText.Encode(FtpText.Decode(bytes)).AsSpan().SequenceEqual(bytes));

    [Fact]
    public void Different_octets_have_different_texts() =>
        Gen.Select(Octets, Octets).Sample((left, right) => left.AsSpan().SequenceEqual(right) == (FtpText.Decode(left) == FtpText.Decode(right)));

    [Fact]
    public void Text_is_what_a_slow_decoder_makes() => Octets.Sample(bytes => FtpText.Decode(bytes) == SlowDecode(bytes));

    [Fact]
    public void Text_is_valid_and_its_length_is_foretold() => Octets.Sample(bytes =>
    {
        string text = FtpText.Decode(bytes);
        return FtpText.GetByteCount(text) == bytes.Length && bytes.Length <= 3 * text.Length && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
    });

    [Fact]
    public void Order_is_the_order_of_the_octets() => Gen.Select(Octets, Octets, Octets).Sample((prefix, left, right) =>
    {
        byte[] first = [.. prefix, .. left];
        byte[] second = [.. prefix, .. right];
        int expected = Math.Sign(first.AsSpan().SequenceCompareTo(second));
        return Math.Sign(FtpText.OctetOrder.Compare(FtpText.Decode(first), FtpText.Decode(second))) == expected;
    });

    [Fact]
    public void Valid_utf8_is_plain_text()
    {
        Assert.Equal("ünï €😀", FtpText.Decode("ünï €😀"u8));
        Assert.Equal("é"u8, FtpText.Encode("é"));
    }

    [Fact]
    public void A_raw_octet_is_one_private_code_point()
    {
        Assert.Equal("a\U000F00E9", FtpText.Decode([0x61, 0xE9]));
        Assert.Equal(new string('x', 300) + "\U000F00FF", FtpText.Decode([.. Enumerable.Repeat((byte)'x', 300), 0xFF]));
    }

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character()
    {
        Assert.Equal("a\uFFFDb"u8, FtpText.Encode("a\uD800b"));
        Assert.Equal("\uFFFD"u8, FtpText.Encode("\uDB80"));
        Assert.Equal(3, FtpText.GetByteCount("\uDB80"));
    }

    /// <summary>Octet by byte, with the library's strict decoder: the longest valid sequence at each place, else one escape.</summary>
    private static string SlowDecode(byte[] bytes)
    {
        UTF8Encoding strict = new(false, throwOnInvalidBytes: true);
        StringBuilder text = new();
        for (int index = 0; index < bytes.Length;)
        {
            string? found = null;
            int used = 1;
            for (int length = 1; length <= 4 && index + length <= bytes.Length && found is null; length++)
            {
                try
                {
                    found = strict.GetString(bytes, index, length);
                    used = length;
                }
                catch (DecoderFallbackException)
                {
                    found = null;
                }
            }
            if (found is null || (char.IsSurrogate(found[0]) && char.ConvertToUtf32(found, 0) is >= 0xF0080 and <= 0xF00FF))
                found = string.Concat(bytes.Skip(index).Take(used).Select(value => char.ConvertFromUtf32(0xF0000 + value)));
            text.Append(found);
            index += used;
        }
        return text.ToString();
    }
}
