namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>The checksum of a zlib stream (RFC 1950 section 8.2).</summary>
internal struct Adler32()
{
    private const uint Modulus = 65521;

    // The longest run for which the sums stay below 2^32 without a division (RFC 1950 section 9).
    private const int RunLength = 5552;
    private uint _first = 1;
    private uint _second;

    public readonly uint Value => (_second << 16) | _first;

    public void Append(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            ReadOnlySpan<byte> run = octets[..Math.Min(RunLength, octets.Length)];
            octets = octets[run.Length..];
            uint first = _first;
            uint second = _second;
            while (run.Length >= 8)
            {
                second += (8 * first) + (8u * run[0]) + (7u * run[1]) + (6u * run[2]) + (5u * run[3]) + (4u * run[4]) + (3u * run[5]) + (2u * run[6]) + run[7];
                first += (uint)(run[0] + run[1] + run[2] + run[3] + run[4] + run[5] + run[6] + run[7]);
                run = run[8..];
            }
            foreach (byte octet in run)
            {
                first += octet;
                second += first;
            }
            _first = first % Modulus;
            _second = second % Modulus;
        }
    }
}
