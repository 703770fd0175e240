using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Checks;

/// <summary>Assertions whose failure says what was expected and what was seen.</summary>
internal static class Verify
{
    public static void That([DoesNotReturnIf(false)] bool condition, string otherwise)
    {
        if (!condition)
            Fail(otherwise);
    }

    public static void Equal<T>(T expected, T seen, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, seen))
            Fail($"{what}: expected {Show(expected)}, saw {Show(seen)}");
    }

    public static void Bytes(byte[] expected, byte[] seen, string what)
    {
        if (expected.AsSpan().SequenceEqual(seen))
            return;
        int same = expected.AsSpan().CommonPrefixLength(seen);
        Fail($"{what}: expected {expected.Length} octets {Octets.Show(expected)}, saw {seen.Length} octets {Octets.Show(seen)}, first difference at {same}");
    }

    /// <summary>Compares with text of which each character is one octet.</summary>
    public static void Bytes(string expected, byte[] seen, string what) => Bytes(Octets.Raw(expected), seen, what);

    public static void Matches([StringSyntax(StringSyntaxAttribute.Regex)] string pattern, string seen, string what)
    {
        if (!Regex.IsMatch(seen, pattern, RegexOptions.CultureInvariant))
            Fail($"{what}: expected {pattern}, saw {Octets.Show(seen)}");
    }

    public static void NoMatch([StringSyntax(StringSyntaxAttribute.Regex)] string pattern, string seen, string what)
    {
        if (Regex.IsMatch(seen, pattern, RegexOptions.CultureInvariant))
            Fail($"{what}: must not match {pattern}, saw {Octets.Show(seen)}");
    }

    public static void Contains(string part, IEnumerable<string> all, string what)
    {
        List<string> list = [.. all];
        if (!list.Contains(part))
            Fail($"{what}: expected {Octets.Show(part)} among {string.Join(" | ", list.Take(40).Select(Octets.Show))}");
    }

    public static void Lacks(string part, IEnumerable<string> all, string what)
    {
        if (all.Contains(part))
            Fail($"{what}: must not contain {Octets.Show(part)}");
    }

    [DoesNotReturn]
    public static void Fail(string message) => throw new CheckFailedException(message);

    private static string Show<T>(T value) => value is string text ? Octets.Show(text) : $"{value}";
}
