using System.Buffers;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Writes one line for an entry. One instance serves one listing, for it keeps the dates it wrote last.</summary>
internal interface IEntryFormatter
{
    /// <summary>Writes the line with its CRLF, or nothing if the format cannot show such a name.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="entry">What is described.</param>
    /// <param name="prefix">Octets to put before the name.</param>
    /// <param name="name">The name to show, which need not be the entry's own.</param>
    /// <returns>The octets written.</returns>
    int Write(IBufferWriter<byte> writer, FtpEntry entry, ReadOnlySpan<byte> prefix, string name);
}
