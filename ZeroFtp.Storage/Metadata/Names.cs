using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Metadata;

/// <summary>Validates the names of new entries.</summary>
internal static class Names
{
    /// <summary>Maximum length of a name, in characters (Unicode code points; each byte that is not UTF-8 counts as one).</summary>
    public const int MaxLength = 255;

    /// <exception cref="FtpDriverException">NameNotAllowed: the name is too long or would break a line of a listing.</exception>
    public static void Demand(string name)
    {
        if (name.Length > 2 * MaxLength || (name.Length > MaxLength && name.EnumerateRunes().Count() > MaxLength) || name.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new FtpDriverException(FtpError.NameNotAllowed);
    }
}
