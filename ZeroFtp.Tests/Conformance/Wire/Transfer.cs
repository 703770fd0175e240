namespace ZeroFtp.Conformance.Wire;

/// <summary>A finished transfer.</summary>
internal sealed record Transfer(Reply Preliminary, byte[] Data, Reply Final)
{
    /// <summary>The data, each octet a character.</summary>
    public string Text => Octets.Text(Data);

    /// <summary>The data cut at CRLF; fails the check if the last line lacks it.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            if (Data.Length == 0)
                return [];
            Checks.Verify.That(Text.EndsWith("\r\n", StringComparison.Ordinal), "the last line of the listing does not end in CRLF");
            return Text[..^2].Split("\r\n");
        }
    }

    /// <summary>The names at the end of MLSD lines or the lines of NLST.</summary>
    public IEnumerable<string> Names => Lines.Select(line => line.Contains('=', StringComparison.Ordinal) && line.Contains("; ", StringComparison.Ordinal)
        ? line[(line.IndexOf("; ", StringComparison.Ordinal) + 2)..]
        : line);
}
