using System.Diagnostics.CodeAnalysis;

namespace ZeroFtp.Host.Configuration;

/// <summary>Permission bits in octal, as everyone writes them: <c>022</c>, <c>0755</c>.</summary>
internal static class OctalMode
{
    public static bool TryParse(string text, out int value, [NotNullWhen(false)] out string? expected)
    {
        value = 0;
        expected = null;
        if (text.Length is >= 1 and <= 5 && text.All(digit => digit is >= '0' and <= '7'))
        {
            value = Convert.ToInt32(text, 8);
            return true;
        }
        expected = "an octal number such as 022";
        return false;
    }

    public static string Format(int value) => Convert.ToString(value, 8).PadLeft(3, '0');
}
