using System.Text.RegularExpressions;

namespace ZeroFtp.Conformance.Wire;

/// <summary>The patterns of the requirements: literal text in which <c>…</c> stands for anything.</summary>
internal static class Pattern
{
    /// <summary>Whether a reply line (code included, octets as characters) fits; text beyond Latin-1 means its UTF-8 octets.</summary>
    public static bool Fits(string pattern, string line)
    {
        IEnumerable<string> parts = pattern.Split('…').Select(part => Regex.Escape(part.Any(c => c > 127) ? Octets.AsSeen(part) : part));
        return Regex.IsMatch(line, $"\\A{string.Join(".*", parts)}\\z", RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }
}
