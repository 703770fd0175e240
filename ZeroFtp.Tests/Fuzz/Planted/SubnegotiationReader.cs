using System.Text;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Fuzz.Planted;

/// <summary>A command reader that is right but for one thing: in a Telnet subnegotiation it takes the second octet of a doubled 0xFF for the beginning of an end mark.</summary>
internal static class SubnegotiationReader
{
    public static List<(LineStatus Status, string Line)> ReadLines(IReadOnlyList<byte[]> pieces, int limit)
    {
        List<(LineStatus, string)> lines = [];
        List<byte> line = [];
        bool isVoid = false, isTooLong = false, hadNul = false;
        int heldCrs = 0;
        State state = State.Text, resume = State.Text;

        void AddCrs()
        {
            for (int i = 0; i <= heldCrs; i++)
                Add((byte)'\r');
            heldCrs = 0;
        }

        void Add(byte octet)
        {
            isVoid |= hadNul;
            if (line.Count == limit)
                isTooLong = true;
            else if (!isTooLong)
                line.Add(octet);
        }

        void End()
        {
            lines.Add(isTooLong ? (LineStatus.TooLong, "") : isVoid ? (LineStatus.Invalid, "") : (LineStatus.Complete, Encoding.Latin1.GetString([.. line])));
            line.Clear();
            isVoid = isTooLong = hadNul = false;
            heldCrs = 0;
            state = State.Text;
        }

        void Text(byte octet)
        {
            state = octet switch { 0xFF => State.Iac, (byte)'\r' => State.Cr, _ => State.Text };
            if (state == State.Iac)
                resume = State.Text;
            else if (octet == '\n')
                End();
            else if (octet == 0)
                hadNul |= line.Count > 0;
            else if (octet != '\r' && !(octet == 0xF2 && line.Count == 0 && !isTooLong))
                Add(octet);
        }

        foreach (byte octet in pieces.SelectMany(static piece => piece))
        {
            switch (state)
            {
                case State.Text:
                    Text(octet);
                    break;
                case State.Cr or State.CrNul when octet == 0xFF:
                    resume = state;
                    state = State.Iac;
                    break;
                case State.Cr when octet == '\n':
                    End();
                    break;
                case State.Cr when octet == '\r':
                    heldCrs++;
                    break;
                case State.Cr:
                    AddCrs();
                    if (octet == 0)
                        state = State.CrNul;
                    else
                        Text(octet);
                    break;
                case State.CrNul when octet == '\n':
                    Add(octet);
                    state = State.Text;
                    break;
                case State.CrNul:
                    Text(octet);
                    break;
                case State.Iac when octet == 0xFF:
                    if (resume == State.Cr)
                        AddCrs();
                    Add(0xFF);
                    state = State.Text;
                    break;
                case State.Iac:
                    isVoid |= octet < 0xF0;
                    state = octet switch { 0xFA => State.Sub, >= 0xFB => State.Option, _ => resume };
                    break;
                case State.Option:
                    state = resume;
                    break;
                case State.Sub when octet == 0xFF:
                    state = State.SubIac;
                    break;
                case State.Sub:
                    isVoid |= octet == '\n';
                    break;
                case State.SubIac when octet == 0xF0:
                    state = resume;
                    break;
                case State.SubIac when octet != 0xFF:
                    // The mistake: after a doubled 0xFF the state stays.
                    state = State.Sub;
                    break;
            }
        }
        return lines;
    }

    private enum State
    {
        Text,
        Cr,
        CrNul,
        Iac,
        Option,
        Sub,
        SubIac,
    }
}
