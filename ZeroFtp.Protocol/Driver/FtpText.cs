using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace ZeroFtp.Protocol.Driver;

/// <summary>
/// The reversible mapping between the bytes of a name on the wire (RFC 2640 section 3.1: 0x01 to 0xFF) and the text in drivers and databases.
/// </summary>
/// <remarks>
/// Valid UTF-8 is decoded as UTF-8. Every byte that is not part of valid UTF-8 becomes one code point of U+F0080 to U+F00FF: 0xNN becomes U+F00NN.
/// The four bytes of a validly encoded code point in that range are escaped too. No two byte strings therefore share a text, and
/// <see cref="Encode(string)"/> restores the exact bytes of every text that <see cref="Decode"/> returned. The text is always valid Unicode
/// without lone surrogates, so any SQL database can store it.
/// </remarks>
public static class FtpText
{
    private const int EscapeBase = 0xF0000;

    // Every escaped code point starts with this byte in UTF-8 and this surrogate in UTF-16. Few names contain either; the library converts the rest.
    private const byte EscapeLead = 0xF3;
    private const char EscapeSurrogate = '\uDB80';

    /// <summary>Orders texts by their bytes, the order of directory listings.</summary>
    public static IComparer<string> OctetOrder { get; } = Comparer<string>.Create(static (left, right) => CompareOctets(left, right));

    /// <summary>Decodes bytes to text. Never fails. Allocates only the string unless bytes have to be escaped.</summary>
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

    /// <summary>Encodes text back to bytes. A lone surrogate, which <see cref="Decode"/> never returns, becomes U+FFFD.</summary>
    public static byte[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] octets = new byte[GetByteCount(text)];
        Encode(text, octets);
        return octets;
    }

    /// <summary>
    /// Writes the bytes of <paramref name="text"/> to <paramref name="destination"/>, which must hold <see cref="GetByteCount"/> bytes,
    /// and returns their number.
    /// </summary>
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

    /// <summary>Returns the number of bytes that <paramref name="text"/> encodes to, at most three times its length.</summary>
    public static int GetByteCount(ReadOnlySpan<char> text)
    {
        if (!text.Contains(EscapeSurrogate))
            return Encoding.UTF8.GetByteCount(text);
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
            count += IsEscape(rune.Value) ? 1 : rune.Utf8SequenceLength;
        return count;
    }

    /// <summary>Compares the bytes of two texts, without encoding them where possible. A prefix sorts before the longer text.</summary>
    /// <returns>A negative number, zero or a positive number, as in <see cref="string.CompareOrdinal(string, string)"/>.</returns>
    public static int CompareOctets(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length - right.Length;
        if (!char.IsSurrogate(left[same]) && !char.IsSurrogate(right[same]))
            return left[same] - right[same];

        // UTF-8 keeps the order of code points, but surrogates and escapes do not sort like the bytes they encode.
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
