using System.Buffers;
using System.Text;

namespace ZeroFtp.Protocol.Driver;

/// <summary>
/// The reversible mapping between the octets of a name on the wire (RFC 2640 section 3.1: octets 0x01 to 0xFF) and the text that drivers and databases hold.
/// </summary>
/// <remarks>
/// Valid UTF-8 is decoded as UTF-8. Every octet that is not part of valid UTF-8 becomes one code point of U+F0080 to U+F00FF (octet 0xNN becomes U+F00NN),
/// and so do the four octets of a validly encoded code point of that very range, so that no two octet strings share a text and every text that
/// <see cref="Decode"/> made is turned back into the same octets by <see cref="Encode(string)"/>. The text is always valid Unicode without lone surrogates and can be stored in any SQL database.
/// </remarks>
public static class FtpText
{
    private const int EscapeBase = 0xF0000;
    private static readonly SearchValues<byte> NonAscii = SearchValues.Create([.. Enumerable.Range(0x80, 0x80).Select(value => (byte)value)]);

    /// <summary>Turns octets into text. Never fails; ASCII costs one string allocation.</summary>
    public static string Decode(ReadOnlySpan<byte> octets)
    {
        if (octets.IndexOfAny(NonAscii) < 0)
            return Encoding.ASCII.GetString(octets);
        StringBuilder text = new(octets.Length);
        Span<char> chars = stackalloc char[2];
        while (!octets.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(octets, out Rune rune, out int length);
            if (status == OperationStatus.Done && !IsEscape(rune.Value))
            {
                text.Append(chars[..rune.EncodeToUtf16(chars)]);
            }
            else
            {
                foreach (byte octet in octets[..length])
                    text.Append(chars[..new Rune(EscapeBase + octet).EncodeToUtf16(chars)]);
            }
            octets = octets[length..];
        }
        return text.ToString();
    }

    /// <summary>Turns text back into octets. A lone surrogate, which <see cref="Decode"/> never makes, becomes U+FFFD.</summary>
    public static byte[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] octets = new byte[GetByteCount(text)];
        Encode(text, octets);
        return octets;
    }

    /// <summary>Writes the octets of <paramref name="text"/> to <paramref name="destination"/>, which must hold <see cref="GetByteCount"/> octets, and returns their number.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (Ascii.IsValid(text))
            return Encoding.ASCII.GetBytes(text, destination);
        int written = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsEscape(rune.Value))
                destination[written++] = (byte)(rune.Value - EscapeBase);
            else
                written += rune.EncodeToUtf8(destination[written..]);
        }
        return written;
    }

    /// <summary>The number of octets that <paramref name="text"/> stands for.</summary>
    public static int GetByteCount(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
            return text.Length;
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
            count += IsEscape(rune.Value) ? 1 : rune.Utf8SequenceLength;
        return count;
    }

    private static bool IsEscape(int codePoint) => codePoint is >= EscapeBase + 0x80 and <= EscapeBase + 0xFF;
}
