namespace ZeroFtp.Fuzz.Driving;

/// <summary>Makes inputs out of inputs: a few small random changes each. The same seed makes the same ones.</summary>
public sealed class Mutator(int seed, int maxLength)
{
    private static readonly byte[] Telling = [0, 1, 7, 8, (byte)'\t', (byte)'\n', (byte)'\r', (byte)' ', (byte)'*', (byte)'-', (byte)'.', (byte)'/', (byte)'0', (byte)'[', (byte)']', 0x7F, 0x80, 0xF0, 0xFA, 0xFB, 0xFE, 0xFF];
    private readonly Random _random = new(seed);

    /// <summary>A number below <paramref name="limit"/>.</summary>
    public int Pick(int limit) => _random.Next(limit);

    /// <summary>A change of one input, with pieces of another.</summary>
    public byte[] Change(byte[] input, byte[] other)
    {
        List<byte> octets = [.. input];
        for (int left = 1 << _random.Next(4); left > 0; left--)
            ChangeOnce(octets, other);
        if (octets.Count > maxLength)
            octets.RemoveRange(maxLength, octets.Count - maxLength);
        return [.. octets];
    }

    private void ChangeOnce(List<byte> octets, byte[] other)
    {
        int at = _random.Next(octets.Count + 1);
        if (at == octets.Count)
        {
            octets.Insert(at, Octet());
            return;
        }
        switch (_random.Next(10))
        {
            case 0:
                octets[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                octets[at] = Octet();
                break;
            case 2:
                octets[at] = (byte)(octets[at] + _random.Next(-16, 17));
                break;
            case 3 or 4:
                octets.Insert(at, Octet());
                break;
            case 5:
                octets.RemoveRange(at, Math.Min(1 + _random.Next(8), octets.Count - at));
                break;
            case 6:
                octets.InsertRange(_random.Next(octets.Count + 1), octets.GetRange(at, Math.Min(1 + _random.Next(16), octets.Count - at)));
                break;
            case 7:
                (int one, int two) = (at, _random.Next(octets.Count));
                (octets[one], octets[two]) = (octets[two], octets[one]);
                break;
            case 8 when other.Length > 0:
                int from = _random.Next(other.Length);
                octets.InsertRange(at, other.AsSpan(from, Math.Min(1 + _random.Next(16), other.Length - from)));
                break;
            case 9 when other.Length > 0:
                octets.RemoveRange(at, octets.Count - at);
                octets.AddRange(other.AsSpan(_random.Next(other.Length)));
                break;
        }
    }

    private byte Octet() => _random.Next(3) == 0 ? (byte)_random.Next(256) : Telling[_random.Next(Telling.Length)];
}
