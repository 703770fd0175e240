namespace ZeroFtp.Conformance.Wire;

/// <summary>Puts lines together to replies and notes every breach of the grammar; what cannot be read as a reply at all fails the check.</summary>
internal sealed class ReplyGrammar(Transcript transcript)
{
    private readonly List<byte[]> _lines = [];
    private string _code = "";

    /// <summary>Takes a line with its line end; gives the reply when this line was its last.</summary>
    public Reply? Take(byte[] line)
    {
        ReadOnlySpan<byte> content = Content(line);
        Judge(content);
        if (_lines.Count == 0)
        {
            if (content.Length < 3 || !Digits(content[..3]))
                Checks.Verify.Fail($"not a reply: {Octets.Show(line)}");
            _code = Octets.Text(content[..3]);
            if (content.Length < 4 || content[3] is not ((byte)' ' or (byte)'-') || content[0] is < (byte)'1' or > (byte)'6')
                Note(Breach.Form, content);
            _lines.Add(line);
            return content.Length > 3 && content[3] == '-' ? null : Finish();
        }

        _lines.Add(line);
        if (content.Length >= 4 && content[3] == ' ' && Octets.Text(content[..3]) == _code)
            return Finish();
        if ((content.Length == 0 || content[0] != ' ') && !Octets.Text(content).StartsWith("553-X-DUPE:", StringComparison.Ordinal))
            Note(Breach.Indent, content);
        return null;
    }

    private Reply Finish()
    {
        Reply reply = new(
            int.Parse(_code, System.Globalization.CultureInfo.InvariantCulture),
            [.. _lines.Select(line => Octets.Text(Content(line)).Replace("\xff\xff", "\xff", StringComparison.Ordinal))],
            [.. _lines.SelectMany(line => line)]);
        _lines.Clear();
        transcript.Observations.Seen(reply, transcript.CheckId);
        return reply;
    }

    private static ReadOnlySpan<byte> Content(byte[] line)
    {
        ReadOnlySpan<byte> content = line.AsSpan(0, line.Length - 1);
        return content.EndsWith("\r"u8) ? content[..^1] : content;
    }

    private void Judge(ReadOnlySpan<byte> content)
    {
        if (content.ContainsAnyInRange((byte)0, (byte)8) || content.ContainsAnyInRange((byte)10, (byte)31))
            Note(Breach.Control, content);
        if (content.Length > 998)
            Note(Breach.Length, content);
        if (content.IndexOfAnyInRange((byte)0x80, (byte)0xff) >= 0)
            Note(Breach.EightBit, content);
        if (Octets.Text(content).Replace("\xff\xff", "", StringComparison.Ordinal).Contains('\xff', StringComparison.Ordinal))
            Note(Breach.Telnet, content);
    }

    /// <summary>Notes a line that ended in LF alone.</summary>
    public void BareLineFeed(ReadOnlySpan<byte> line) => Note(Breach.LineEnd, line);

    private void Note(Breach kind, ReadOnlySpan<byte> line) => transcript.Observations.Note(kind, transcript.CheckId, line);

    private static bool Digits(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
