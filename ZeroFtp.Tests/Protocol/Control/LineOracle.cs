using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Tests.Protocol.Control;

/// <summary>
/// What a control reader must make of octets, written to be obvious rather than fast: first Telnet is taken out of the whole, then the rest is cut into lines.
/// </summary>
internal static class LineOracle
{
    private enum Mark
    {
        None,
        Iac,
        Invalid,
    }

    public static List<(LineStatus Status, string Line)> Lines(byte[] octets, int limit)
    {
        List<(byte Octet, Mark Mark)> plain = WithoutTelnet(octets);
        List<(LineStatus, string)> lines = [];
        List<byte> line = [];
        bool tooLong = false, invalid = false, hadNul = false;
        void Add(byte octet)
        {
            // NUL may only stand at the beginning and at the end.
            invalid |= hadNul;
            if (line.Count == limit)
                tooLong = true;
            else if (!tooLong)
                line.Add(octet);
        }
        void End()
        {
            lines.Add((tooLong ? LineStatus.TooLong : invalid ? LineStatus.Invalid : LineStatus.Complete, tooLong || invalid ? "" : System.Text.Encoding.Latin1.GetString([.. line])));
            line.Clear();
            tooLong = invalid = hadNul = false;
        }
        for (int i = 0; i < plain.Count; i++)
        {
            (byte octet, Mark mark) = plain[i];
            bool At(int index, byte wanted) => index < plain.Count && plain[index] == (wanted, Mark.None);
            int afterCrs = i;
            while (At(afterCrs, (byte)'\r'))
                afterCrs++;
            if (mark == Mark.Invalid)
            {
                invalid = true;
            }
            else if (mark == Mark.Iac)
            {
                Add(0xFF);
            }
            else if (octet == '\n')
            {
                End();
            }
            else if (octet == '\r' && At(afterCrs, (byte)'\n'))
            {
                End();
                i = afterCrs;
            }
            else if (octet == '\r' && At(i + 1, 0))
            {
                Add((byte)'\r');
                i++;
                if (At(i + 1, (byte)'\n'))
                {
                    Add((byte)'\n');
                    i++;
                }
            }
            else if (octet == 0)
            {
                hadNul |= line.Count > 0;
            }
            else if (octet == 0xF2 && line.Count == 0 && !tooLong)
            {
                continue;
            }
            else if (octet == '\r' && afterCrs == plain.Count)
            {
                break;
            }
            else
            {
                Add(octet);
            }
        }
        return lines;
    }

    /// <summary>What makes a line void does not part CR from what follows it.</summary>
    private static void AddInvalid(List<(byte, Mark)> plain)
    {
        int at = plain.Count;
        if (at > 1 && plain[at - 1] == (0, Mark.None) && plain[at - 2] == ((byte)'\r', Mark.None))
            at -= 2;
        while (at > 0 && plain[at - 1] == ((byte)'\r', Mark.None))
            at--;
        plain.Insert(at, (0, Mark.Invalid));
    }

    private static List<(byte Octet, Mark Mark)> WithoutTelnet(byte[] octets)
    {
        List<(byte, Mark)> plain = [];
        for (int i = 0; i < octets.Length; i++)
        {
            if (octets[i] != 0xFF)
            {
                plain.Add((octets[i], Mark.None));
                continue;
            }
            if (++i == octets.Length)
                break;
            switch (octets[i])
            {
                case 0xFF:
                    plain.Add((0xFF, Mark.Iac));
                    break;
                case >= 0xFB:
                    i++;
                    break;
                case 0xFA:
                    for (i++; i < octets.Length; i++)
                    {
                        if (octets[i] == '\n')
                        {
                            AddInvalid(plain);
                        }
                        else if (octets[i] == 0xFF)
                        {
                            if (++i < octets.Length && octets[i] == 0xF0)
                                break;
                        }
                    }
                    break;
                case < 0xF0:
                    AddInvalid(plain);
                    break;
            }
        }
        return plain;
    }
}
