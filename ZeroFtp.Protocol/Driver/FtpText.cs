using System.Buffers;
using System.Text;
using System.Text.Unicode;

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

    // Every escaped code point has this octet first in UTF-8 and this surrogate first in UTF-16, which nearly no name has: the library's own conversion does the rest.
    private const byte EscapeLead = 0xF3;
    private const char EscapeSurrogate = '\uDB80';

    /// <summary>Orders texts as their octets are ordered, which is the order of directory listings.</summary>
    public static IComparer<string> OctetOrder { get; } = Comparer<string>.Create(static (left, right) => CompareOctets(left, right));

    /// <summary>Turns octets into text. Never fails; nothing but the string is allocated unless octets have to be escaped.</summary>
    public static string Decode(ReadOnlySpan<byte> octets)
    {
        if (Utf8.IsValid(octets) && !octets.Contains(EscapeLead))
            return Encoding.UTF8.GetString(octets);
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
        if (!text.Contains(EscapeSurrogate))
            return Encoding.UTF8.GetBytes(text, destination);
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

    /// <summary>The number of octets that <paramref name="text"/> stands for. It is never more than three times the length of the text.</summary>
    public static int GetByteCount(ReadOnlySpan<char> text)
    {
        if (!text.Contains(EscapeSurrogate))
            return Encoding.UTF8.GetByteCount(text);
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
            count += IsEscape(rune.Value) ? 1 : rune.Utf8SequenceLength;
        return count;
    }

    /// <summary>Compares the octets that two texts stand for, without making them where that can be avoided. A shorter text comes before one that it begins.</summary>
    /// <returns>A negative number, zero or a positive number, as in <see cref="string.CompareOrdinal(string, string)"/>.</returns>
    public static int CompareOctets(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length - right.Length;
        if (!char.IsSurrogate(left[same]) && !char.IsSurrogate(right[same]))
            return left[same] - right[same];

        // UTF-8 keeps the order of code points, but surrogates and escapes do not sort as what they stand for.
        if (same > 0 && char.IsHighSurrogate(left[same - 1]))
            same--;
        Rune.DecodeFromUtf16(left[same..], out Rune first, out _);
        Rune.DecodeFromUtf16(right[same..], out Rune second, out _);
        if (!IsEscape(first.Value) && !IsEscape(second.Value))
            return first.CompareTo(second);
        return Encode(left[same..].ToString()).AsSpan().SequenceCompareTo(Encode(right[same..].ToString()));
    }

    private static bool IsEscape(int codePoint) => codePoint is >= EscapeBase + 0x80 and <= EscapeBase + 0xFF;
}
