namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>The two-octet marks of record structure in stream mode (RFC 959 section 3.4.1): this escape, then one of the codes; a data octet of all ones is sent twice.</summary>
internal static class RecordMark
{
    public const byte Escape = 0xFF;
    public const byte EndOfRecord = 0x01;
    public const byte EndOfFile = 0x02;
    public const byte EndOfBoth = 0x03;
}
