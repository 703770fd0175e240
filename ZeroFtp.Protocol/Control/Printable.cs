namespace ZeroFtp.Protocol.Control;

/// <summary>Makes text from clients safe for logs and replies.</summary>
internal static class Printable
{
    /// <summary>Replaces control characters, line separators and bidirectional controls with <c>?</c> and truncates at 1,024 characters.</summary>
    public static string Text(string text)
    {
        if (text.Length > 1024)
            text = string.Concat(text.AsSpan(0, 1024), "...");
        return text.AsSpan().IndexOfAny(Bad) < 0 ? text : string.Create(text.Length, text, static (span, source) =>
        {
            source.CopyTo(span);
            for (int i = 0; i < span.Length; i++)
            {
                if (Bad.Contains(span[i]))
                    span[i] = '?';
            }
        });
    }

    private static readonly System.Buffers.SearchValues<char> Bad = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code),
        '\u2028', '\u2029', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069']);
}
