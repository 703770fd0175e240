using System.Text;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Fuzz.Targets;

/// <summary>Patterns of names: a pattern and a name, parted by LF. Whether they match is what a table of all beginnings says.</summary>
internal sealed class GlobTarget(Func<string, string, bool> matches)
{
    public void Run(byte[] input)
    {
        int end = Array.IndexOf(input, (byte)'\n');
        if (end < 0)
            return;
        string pattern = FtpText.Decode(input.AsSpan(0, end)), name = FtpText.Decode(input.AsSpan(end + 1));
        DefectException.Demand("The match", Slowly([.. pattern.EnumerateRunes()], [.. name.EnumerateRunes()]), matches(pattern, name));
    }

    private static bool Slowly(Rune[] pattern, Rune[] name)
    {
        List<Func<Rune, bool>?> steps = Steps(pattern);
        if (name.Length > 0 && name[0].Value == '.' && (pattern.Length == 0 || pattern[0].Value != '.'))
            return false;

        // reached[i]: the steps so far match the first i characters.
        bool[] reached = new bool[name.Length + 1];
        reached[0] = true;
        foreach (Func<Rune, bool>? step in steps)
        {
            bool[] next = new bool[name.Length + 1];
            for (int i = 0; i <= name.Length; i++)
                next[i] = step is null ? reached[i] || (i > 0 && next[i - 1]) : i > 0 && reached[i - 1] && step(name[i - 1]);
            reached = next;
        }
        return reached[^1];
    }

    /// <summary>One predicate a character; null for any number of characters.</summary>
    private static List<Func<Rune, bool>?> Steps(Rune[] pattern)
    {
        List<Func<Rune, bool>?> steps = [];
        for (int i = 0; i < pattern.Length; i++)
        {
            Rune literal = pattern[i];
            switch (literal.Value)
            {
                case '*':
                    steps.Add(null);
                    break;
                case '?':
                    steps.Add(static _ => true);
                    break;
                case '[' when Closing(pattern, i) is var closing and > 0:
                    steps.Add(Set(pattern[(i + 1)..closing]));
                    i = closing;
                    break;
                default:
                    steps.Add(rune => rune == literal);
                    break;
            }
        }
        return steps;
    }

    /// <summary>Where the set ends that begins at a bracket; -1 if it does not end. A bracket that comes first in the set, or ends a range, does not close it.</summary>
    private static int Closing(Rune[] pattern, int open)
    {
        int at = open + 1;
        if (at < pattern.Length && pattern[at].Value is '!' or '^')
            at++;
        for (bool isFirst = true; at < pattern.Length; at++, isFirst = false)
        {
            if (pattern[at].Value == ']' && !isFirst)
                return at;
            if (at + 2 < pattern.Length && pattern[at + 1].Value == '-' && pattern[at + 2].Value != ']')
                at += 2;
        }
        return -1;
    }

    private static Func<Rune, bool> Set(Rune[] members)
    {
        bool isNegated = members[0].Value is '!' or '^';
        List<(Rune Low, Rune High)> ranges = [];
        for (int at = isNegated ? 1 : 0; at < members.Length; at++)
        {
            bool isRange = at + 2 < members.Length && members[at + 1].Value == '-';
            ranges.Add((members[at], members[isRange ? at + 2 : at]));
            if (isRange)
                at += 2;
        }
        return rune => ranges.Exists(range => range.Low <= rune && rune <= range.High) != isNegated;
    }
}
