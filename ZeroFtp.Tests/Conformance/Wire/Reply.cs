namespace ZeroFtp.Conformance.Wire;

/// <summary>One reply, whole.</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Lines">The lines without CRLF, each octet a character, doubled 0xFF reduced to one.</param>
/// <param name="Raw">The octets as they came.</param>
internal sealed record Reply(int Code, IReadOnlyList<string> Lines, byte[] Raw)
{
    public bool IsMultiline => Lines.Count > 1;

    public bool IsPreliminary => Code / 100 == 1;

    public bool IsCompletion => Code / 100 == 2;

    public bool IsIntermediate => Code / 100 == 3;

    public bool IsFailure => Code / 100 is 4 or 5;

    /// <summary>The last line, code included.</summary>
    public string Line => Lines[^1];

    /// <summary>The last line without its code.</summary>
    public string Text => Line.Length > 4 ? Line[4..] : "";

    /// <summary>The lines between the first and the last.</summary>
    public IEnumerable<string> Middle => Lines.Skip(1).Take(Lines.Count - 2);

    /// <summary>The whole reply, line ends included, each octet a character.</summary>
    public string Whole => Octets.Text(Raw);

    public override string ToString() => Octets.Escape(Raw);
}
