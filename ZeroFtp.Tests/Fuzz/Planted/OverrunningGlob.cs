namespace ZeroFtp.Fuzz.Planted;

/// <summary>A matcher of patterns that looks behind a dash in a set without asking whether the pattern goes on there.</summary>
internal static class OverrunningGlob
{
    public static bool Matches(string pattern, string name) => !(name.StartsWith('.') && !pattern.StartsWith('.')) && Match(pattern, name, 0, 0);

    private static bool Match(string pattern, string name, int at, int read)
    {
        if (at == pattern.Length)
            return read == name.Length;
        if (pattern[at] == '*')
            return Match(pattern, name, at + 1, read) || (read < name.Length && Match(pattern, name, at, read + 1));
        if (read == name.Length)
            return false;
        if (pattern[at] != '[')
            return (pattern[at] == '?' || pattern[at] == name[read]) && Match(pattern, name, at + 1, read + 1);
        bool isNegated = at + 1 < pattern.Length && pattern[at + 1] is '!' or '^';
        bool isIn = false;
        int member = at + (isNegated ? 2 : 1);
        for (int first = member; member < pattern.Length && (pattern[member] != ']' || member == first); member++)
        {
            char low = pattern[member], high = low;
            if (member + 1 < pattern.Length && pattern[member + 1] == '-' && pattern[member + 2] != ']')
                high = pattern[member += 2];
            isIn |= low <= name[read] && name[read] <= high;
        }
        if (member >= pattern.Length)
            return name[read] == '[' && Match(pattern, name, at + 1, read + 1);
        return isIn != isNegated && Match(pattern, name, member + 1, read + 1);
    }
}
