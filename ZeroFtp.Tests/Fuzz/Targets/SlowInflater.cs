namespace ZeroFtp.Fuzz.Targets;

/// <summary>Inflates a zlib stream bit by bit, as RFC 1950 and RFC 1951 say it, with no thought of speed.</summary>
internal sealed class SlowInflater
{
    private static readonly int[] LengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    private static readonly int[] LengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    private static readonly int[] LengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    private static readonly int[] DistanceBase = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
    private static readonly int[] DistanceBits = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    private readonly byte[] _data;
    private readonly List<byte> _content = [];
    private int _bit;

    private SlowInflater(byte[] data) => _data = data;

    /// <summary>The content of exactly one whole zlib stream, or null.</summary>
    public static byte[]? InflateZlib(byte[] octets)
    {
        if (octets.Length < 6 || (octets[0] & 15) != 8 || octets[0] >> 4 > 7 || (octets[1] & 32) != 0 || ((octets[0] * 256) + octets[1]) % 31 != 0)
            return null;
        SlowInflater inflater = new(octets[2..^4]);
        try
        {
            inflater.ReadBlocks();
        }
        catch (FormatException)
        {
            return null;
        }
        if ((inflater._bit + 7) / 8 != inflater._data.Length)
            return null;
        uint one = 1, two = 0;
        foreach (byte octet in inflater._content)
            two = (two + (one = (one + octet) % 65521)) % 65521;
        return octets[^4] == two >> 8 && octets[^3] == (two & 255) && octets[^2] == one >> 8 && octets[^1] == (one & 255) ? [.. inflater._content] : null;
    }

    private void ReadBlocks()
    {
        bool isLast;
        do
        {
            isLast = Bits(1) == 1;
            switch (Bits(2))
            {
                case 0:
                    ReadStored();
                    break;
                case 1:
                    ReadCodes(
                        new Code([.. Enumerable.Repeat(8, 144), .. Enumerable.Repeat(9, 112), .. Enumerable.Repeat(7, 24), .. Enumerable.Repeat(8, 8)]),
                        new Code([.. Enumerable.Repeat(5, 30)]));
                    break;
                case 2:
                    ReadDynamic();
                    break;
                default:
                    throw new FormatException();
            }
        }
        while (!isLast);
    }

    private void ReadStored()
    {
        _bit = (_bit + 7) / 8 * 8;
        int length = Bits(16);
        if ((Bits(16) ^ 0xFFFF) != length)
            throw new FormatException();
        for (; length > 0; length--)
            _content.Add((byte)Bits(8));
    }

    private void ReadDynamic()
    {
        int literals = 257 + Bits(5), distances = 1 + Bits(5), codes = 4 + Bits(4);
        if (literals > 286 || distances > 30)
            throw new FormatException();
        int[] codeLengths = new int[19];
        for (int i = 0; i < codes; i++)
            codeLengths[LengthOrder[i]] = Bits(3);
        Code code = new(codeLengths);
        if (code.Missing != 0)
            throw new FormatException();
        List<int> lengths = [];
        while (lengths.Count < literals + distances)
        {
            int symbol = code.Read(this);
            if (symbol < 16)
                lengths.Add(symbol);
            else if (symbol == 16)
                lengths.AddRange(Enumerable.Repeat(lengths.Count == 0 ? throw new FormatException() : lengths[^1], 3 + Bits(2)));
            else
                lengths.AddRange(Enumerable.Repeat(0, symbol == 17 ? 3 + Bits(3) : 11 + Bits(7)));
        }
        if (lengths.Count > literals + distances || lengths[256] == 0)
            throw new FormatException();
        Code literal = new(lengths[..literals]), distance = new(lengths[literals..]);
        // A code may leave something out only if it has no more than one symbol, of one bit.
        if ((literal.Missing != 0 && literal.Longest > 1) || (distance.Missing != 0 && distance.Longest > 1))
            throw new FormatException();
        ReadCodes(literal, distance);
    }

    private void ReadCodes(Code literals, Code distances)
    {
        for (int symbol; (symbol = literals.Read(this)) != 256;)
        {
            if (symbol < 256)
            {
                _content.Add((byte)symbol);
                continue;
            }
            if (symbol > 285)
                throw new FormatException();
            int length = LengthBase[symbol - 257] + Bits(LengthBits[symbol - 257]);
            int code = distances.Read(this);
            int distance = DistanceBase[code] + Bits(DistanceBits[code]);
            if (distance > _content.Count)
                throw new FormatException();
            for (; length > 0; length--)
                _content.Add(_content[^distance]);
        }
    }

    private int Bits(int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++, _bit++)
        {
            if (_bit >= _data.Length * 8)
                throw new FormatException();
            value |= ((_data[_bit / 8] >> (_bit % 8)) & 1) << i;
        }
        return value;
    }

    /// <summary>A Huffman code, given by the lengths of its symbols' codes.</summary>
    private sealed class Code
    {
        private readonly Dictionary<(int Length, int Bits), int> _symbols = [];

        public Code(IReadOnlyList<int> lengths)
        {
            Longest = lengths.Max();
            int next = 0, room = 1;
            for (int length = 1; length <= 15; length++)
            {
                next <<= 1;
                room <<= 1;
                for (int symbol = 0; symbol < lengths.Count; symbol++)
                {
                    if (lengths[symbol] != length)
                        continue;
                    if (--room < 0)
                        throw new FormatException();
                    _symbols.Add((length, next++), symbol);
                }
            }
            Missing = room;
        }

        public int Longest { get; }

        /// <summary>How many codes of fifteen bits mean nothing.</summary>
        public int Missing { get; }

        public int Read(SlowInflater inflater)
        {
            int bits = 0;
            for (int length = 1; length <= Longest; length++)
            {
                bits = (bits << 1) | inflater.Bits(1);
                if (_symbols.TryGetValue((length, bits), out int symbol))
                    return symbol;
            }
            throw new FormatException();
        }
    }
}
