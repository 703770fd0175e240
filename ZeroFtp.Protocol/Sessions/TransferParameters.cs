namespace ZeroFtp.Protocol.Sessions;

/// <summary>TYPE, STRU and MODE (RFC 959 section 5.1 gives the defaults).</summary>
internal sealed class TransferParameters
{
    /// <summary>TYPE I or L 8; otherwise TYPE A.</summary>
    public bool IsBinary { get; set; }

    /// <summary>TYPE L 8, which only STAT tells from TYPE I.</summary>
    public bool IsLocal { get; set; }

    /// <summary>TYPE A T; otherwise non-print. Both transfer alike (RFC 1123 section 4.1.2.2).</summary>
    public bool IsTelnet { get; set; }

    /// <summary>STRU R; otherwise STRU F.</summary>
    public bool IsRecord { get; set; }

    /// <summary>MODE Z; otherwise MODE S.</summary>
    public bool IsDeflate { get; set; }

    /// <summary>The zlib level of MODE Z that the client chose, or null.</summary>
    public int? DeflateLevel { get; set; }

    /// <summary>Whether octets go over the data connection as they are stored.</summary>
    public bool IsPlain => IsBinary && !IsRecord && !IsDeflate;

    /// <summary>What TYPE, STRU and MODE mean for the octets of a file.</summary>
    public TransferShape ShapeOf(int defaultLevel) => new(!IsBinary, IsRecord, IsDeflate ? DeflateLevel ?? defaultLevel : null);

    /// <summary>What they mean for a listing, which has its own line ends: only MODE applies.</summary>
    public TransferShape ListingShapeOf(int defaultLevel) => new(false, false, IsDeflate ? DeflateLevel ?? defaultLevel : null);

    public string TypeDescription => IsLocal ? "LOCAL byte 8" : IsBinary ? "IMAGE" : IsTelnet ? "ASCII, FORM: Telnet" : "ASCII, FORM: Nonprint";
}
