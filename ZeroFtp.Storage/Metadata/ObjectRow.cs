namespace ZeroFtp.Storage.Metadata;

/// <summary>An immutable object in the object store, as extents name it. Several extents may name the same object.</summary>
/// <param name="Id">The id given by its writer.</param>
/// <param name="Length">The length of the whole object in bytes.</param>
/// <param name="Hash">XxHash128 of the whole object.</param>
/// <param name="Crc">CRC-32 (IEEE 802.3) of the whole object.</param>
/// <param name="Reference">What the object store needs to find it, at most 65,536 characters, opaque; null if the id suffices.</param>
internal sealed record ObjectRow(long Id, long Length, UInt128 Hash, uint Crc, string? Reference = null);
