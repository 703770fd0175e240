namespace ZeroFtp.Protocol.Sessions;

/// <summary>How the octets of a file become those of the data connection, as TYPE, STRU and MODE have it.</summary>
/// <param name="IsAscii">TYPE A: ends of line are CRLF on the wire.</param>
/// <param name="IsRecords">STRU R: records and the end of file are marked.</param>
/// <param name="DeflateLevel">MODE Z with this level, 0 to 9; null for MODE S.</param>
internal readonly record struct TransferShape(bool IsAscii, bool IsRecords = false, int? DeflateLevel = null)
{
    /// <summary>TYPE I, STRU F, MODE S: nothing is converted.</summary>
    public static TransferShape Plain => default;

    public bool IsPlain => !IsAscii && !IsRecords && DeflateLevel is null;
}
