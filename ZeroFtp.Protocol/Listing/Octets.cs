using System.Buffers;
using System.Buffers.Text;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Fills a span from its start. The caller has made it large enough.</summary>
internal ref struct Octets(Span<byte> destination)
{
    private static readonly SearchValues<byte> Controls = SearchValues.Create([.. Enumerable.Range(0, 32).Select(value => (byte)value), 0x7F]);
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public void Add(byte octet) => _destination[Length++] = octet;

    public void Add(scoped ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_destination[Length..]);
        Length += octets.Length;
    }

    public void AddNumber(long value)
    {
        Utf8Formatter.TryFormat(value, _destination[Length..], out int written);
        Length += written;
    }

    /// <summary>The number, with spaces before it up to the width.</summary>
    public void AddNumber(long value, int width)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out int written);
        AddSpaces(width - written);
        Add(digits[..written]);
    }

    public void AddSpaces(int count)
    {
        if (count <= 0)
            return;
        _destination.Slice(Length, count).Fill((byte)' ');
        Length += count;
    }

    /// <summary>Two digits, the first of which is <paramref name="pad"/> instead of a zero.</summary>
    public void AddPair(int value, byte pad = (byte)'0')
    {
        Add(value < 10 ? pad : (byte)('0' + (value / 10)));
        Add((byte)('0' + (value % 10)));
    }

    /// <summary>A name, octet by octet as it is.</summary>
    public void AddName(ReadOnlySpan<char> name) => Length += FtpText.Encode(name, _destination[Length..]);

    /// <summary>A name in which control characters are question marks.</summary>
    public void AddVisible(ReadOnlySpan<char> name)
    {
        int start = Length;
        AddName(name);
        Span<byte> rest = _destination[start..Length];
        for (int index = rest.IndexOfAny(Controls); index >= 0; index = rest.IndexOfAny(Controls))
        {
            rest[index] = (byte)'?';
            rest = rest[(index + 1)..];
        }
    }

    /// <summary>An owner or group as one word: neither spaces nor controls nor <c>;</c>.</summary>
    public void AddWord(ReadOnlySpan<char> word)
    {
        int start = Length;
        AddVisible(word);
        _destination[start..Length].Replace((byte)' ', (byte)'_');
        _destination[start..Length].Replace((byte)';', (byte)'_');
    }
}
