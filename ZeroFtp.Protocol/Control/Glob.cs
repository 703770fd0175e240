using System.Buffers;
using System.Text;

namespace ZeroFtp.Protocol.Control;

/// <summary>
/// A pattern of names, as clients send it with LIST, NLST and STAT and as options hold it: <c>*</c>, <c>?</c> and <c>[…]</c>, for one component, without
/// escapes and braces. It is read once; matching then takes at most the product of the lengths of pattern and name.
/// </summary>
internal sealed class Glob
{
    private readonly List<Token> _tokens = [];
    private readonly bool _matchesDot;
    private readonly bool _ignoresCase;

    /// <param name="pattern">The pattern.</param>
    /// <param name="isFilter">True for a pattern that bars names: it matches without case, and a leading dot as any other character, so that neither evades it.</param>
    public Glob(ReadOnlySpan<char> pattern, bool isFilter = false)
    {
        _ignoresCase = isFilter;
        _matchesDot = isFilter || pattern.StartsWith('.');

        // Once a set has no end, no later one has: each bracket is then a plain character, and nothing is looked for twice.
        bool hasSets = true;
        while (!pattern.IsEmpty)
        {
            int length = 0;
            if (pattern[0] == '[' && hasSets)
                hasSets = TryAddSet(pattern, out length);
            if (length == 0)
                AddPlain(pattern, out length);
            pattern = pattern[length..];
        }
    }

    private enum TokenKind
    {
        Literal,
        AnyOne,
        AnyMany,
        Set,
    }

    /// <summary>Whether a text has anything but literal characters.</summary>
    public static bool IsPattern(ReadOnlySpan<char> text) => text.ContainsAny('*', '?', '[');

    /// <summary>Whether the whole name matches. Unless it is a filter, a leading dot is matched by a dot only.</summary>
    public bool IsMatch(ReadOnlySpan<char> name)
    {
        if (name.StartsWith('.') && !_matchesDot)
            return false;
        int at = 0;
        int read = 0;
        int starAt = -1;
        int starRead = 0;
        while (read < name.Length)
        {
            int value = CodePoint(name[read..], out int length);
            if (at < _tokens.Count && _tokens[at].Kind == TokenKind.AnyMany)
            {
                starAt = ++at;
                starRead = read;
            }
            else if (at < _tokens.Count && Matches(_tokens[at], value))
            {
                at++;
                read += length;
            }
            else if (starAt >= 0)
            {
                // Only the last star has to take in more: whatever an earlier one could, this one can.
                CodePoint(name[starRead..], out length);
                starRead += length;
                read = starRead;
                at = starAt;
            }
            else
            {
                return false;
            }
        }
        while (at < _tokens.Count && _tokens[at].Kind == TokenKind.AnyMany)
            at++;
        return at == _tokens.Count;
    }

    private bool Matches(in Token token, int value)
    {
        if (token.Kind == TokenKind.AnyOne)
            return true;
        bool contains = token.Contains(value);
        if (!contains && _ignoresCase && Rune.TryCreate(value, out Rune rune))
            contains = token.Contains(Rune.ToLowerInvariant(rune).Value) || token.Contains(Rune.ToUpperInvariant(rune).Value);
        return contains != token.IsNegated;
    }

    private void AddPlain(ReadOnlySpan<char> pattern, out int length)
    {
        int value = CodePoint(pattern, out length);
        TokenKind kind = value switch { '*' => TokenKind.AnyMany, '?' => TokenKind.AnyOne, _ => TokenKind.Literal };
        if (kind != TokenKind.AnyMany || _tokens.Count == 0 || _tokens[^1].Kind != kind)
            _tokens.Add(new Token(kind, value));
    }

    private bool TryAddSet(ReadOnlySpan<char> pattern, out int length)
    {
        length = 0;
        bool isNegated = pattern.Length > 1 && pattern[1] is '!' or '^';
        int first = isNegated ? 2 : 1;
        List<(int Low, int High)> ranges = [];
        int at = first;
        while (at < pattern.Length && (pattern[at] != ']' || at == first))
        {
            int low = CodePoint(pattern[at..], out int used);
            int high = low;
            at += used;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                high = CodePoint(pattern[(at + 1)..], out used);
                at += 1 + used;
            }
            ranges.Add((low, high));
        }
        if (at >= pattern.Length)
            return false;
        _tokens.Add(new Token(TokenKind.Set, 0, [.. ranges], isNegated));
        length = at + 1;
        return true;
    }

    private static int CodePoint(ReadOnlySpan<char> text, out int length) => Rune.DecodeFromUtf16(text, out Rune rune, out length) == OperationStatus.Done ? rune.Value : text[0];

    private readonly record struct Token(TokenKind Kind, int Value, (int Low, int High)[]? Ranges = null, bool IsNegated = false)
    {
        public bool Contains(int value)
        {
            if (Ranges is null)
                return value == Value;
            foreach ((int low, int high) in Ranges)
            {
                if (low <= value && value <= high)
                    return true;
            }
            return false;
        }
    }
}
