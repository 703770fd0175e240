namespace ZeroFtp.Tests.Transcripts;

/// <summary>One line of a transcript.</summary>
/// <param name="Line">Its number in the file.</param>
/// <param name="Kind"><c>C:</c>, <c>S:</c>, <c>D&lt;</c>, <c>D&gt;</c>, the last two also with <c>z</c> behind for deflated octets, or <c>@word</c>.</param>
/// <param name="Text">What stands behind.</param>
internal sealed record Step(int Line, string Kind, string Text)
{
    private static readonly string[] Kinds = ["C:", "S:", "D<z", "D>z", "D<", "D>"];

    /// <summary>The steps of a file: empty lines and those that begin with <c>#</c> are prose.</summary>
    public static IReadOnlyList<Step> Parse(IEnumerable<string> lines)
    {
        List<Step> steps = [];
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            (string kind, string text) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..]);
            if (!kind.StartsWith('@') && !Kinds.Contains(kind))
                throw new FormatException($"Line {number} is no step: {line}");
            steps.Add(new Step(number, kind, text));
        }
        return steps;
    }
}
