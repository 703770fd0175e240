namespace ZeroFtp.Fuzz.Planted;

/// <summary>A path resolver that removes <c>name/..</c> from the text until there is none, as many have done, and takes <c>..</c> at the beginning off once only: two of them lead out.</summary>
internal static class EscapingResolver
{
    public static string? Resolve(string directory, string pathname)
    {
        if (pathname.Length == 0 || directory.Contains('\0', StringComparison.Ordinal) || pathname.Contains('\0', StringComparison.Ordinal))
            return null;
        List<string> parts = [.. (pathname[0] == '/' ? pathname : directory + "/" + pathname).Split('/', StringSplitOptions.RemoveEmptyEntries)];
        parts.RemoveAll(static part => part == ".");
        for (int at = 1; at < parts.Count; at++)
        {
            if (parts[at] != ".." || parts[at - 1] == "..")
                continue;
            parts.RemoveRange(at - 1, 2);
            at = Math.Max(0, at - 2);
        }
        if (parts is ["..", ..])
            parts.RemoveAt(0);
        return "/" + string.Join('/', parts);
    }
}
