namespace ZeroFtp.Storage.Metadata;

/// <summary>An immutable object in the object store. Several extents may name one.</summary>
/// <param name="Id">The id that its writer gave it.</param>
/// <param name="Length">Its octets, whole.</param>
/// <param name="Hash">XxHash128 of the whole object, 16 octets; null only in reports about an object that was never journalled.</param>
/// <param name="Crc">CRC-32 (IEEE 802.3) of the whole object.</param>
/// <param name="Reference">What the object store needs to find it, up to 64 KiB, opaque; null if the id says it all.</param>
internal sealed record StoredObject(long Id, long Length, byte[]? Hash, uint Crc, byte[]? Reference = null);
