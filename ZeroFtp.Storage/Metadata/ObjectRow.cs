namespace ZeroFtp.Storage.Metadata;

/// <summary>An immutable object in the object store, as extents name it. Several extents may name one.</summary>
/// <param name="Id">The id that its writer gave it.</param>
/// <param name="Length">Its octets, whole.</param>
/// <param name="Hash">XxHash128 of the whole object.</param>
/// <param name="Crc">CRC-32 (IEEE 802.3) of the whole object.</param>
/// <param name="Reference">What the object store needs to find it, at most 65,536 characters, opaque; null if the id says it all.</param>
internal sealed record ObjectRow(long Id, long Length, UInt128 Hash, uint Crc, string? Reference = null);
