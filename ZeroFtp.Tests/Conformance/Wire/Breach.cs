namespace ZeroFtp.Conformance.Wire;

/// <summary>Ways in which a reply can be readable and wrong all the same.</summary>
internal enum Breach
{
    /// <summary>A line does not end in CRLF.</summary>
    LineEnd,

    /// <summary>CR, LF or another control character inside a line.</summary>
    Control,

    /// <summary>The code is not followed by a space or a hyphen, or lies outside 100 to 699.</summary>
    Form,

    /// <summary>An intermediate line does not begin with a space.</summary>
    Indent,

    /// <summary>A line is longer than 1000 octets.</summary>
    Length,

    /// <summary>A Telnet command that nobody asked for, or a single 0xFF.</summary>
    Telnet,

    /// <summary>An octet outside ASCII.</summary>
    EightBit,

    /// <summary>421 was not followed by the end of the connection.</summary>
    Lingering,
}
