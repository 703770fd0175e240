namespace ZeroFtp.Storage.Objects;

/// <summary>A whole object as the metadata remembers it. An extent of a file is a stretch of one.</summary>
/// <param name="Reference">The store's opaque reference: printable ASCII without spaces, equal only for one object; up to about 2,000 characters, and never more than 16,384.</param>
/// <param name="Length">Its octets, at least 1.</param>
/// <param name="Hash">What its octets hash to.</param>
internal readonly record struct StoredObject(string Reference, long Length, ObjectHash Hash);

/// <summary>The digests that are computed of every object while its octets pass.</summary>
/// <param name="XxHash128">XxHash128 of the octets, which finds damage.</param>
/// <param name="Crc32">CRC-32 (IEEE 802.3) of the octets; those of the parts of a file compose to that of the whole.</param>
internal readonly record struct ObjectHash(UInt128 XxHash128, uint Crc32);

/// <summary>How well an object is kept.</summary>
internal enum ObjectState
{
    /// <summary>All of it is there, with all its redundancy.</summary>
    Good,

    /// <summary>It can be read, but a part of its redundancy is lost; a repair helps.</summary>
    Degraded,

    /// <summary>It is there but its octets are wrong, and cannot be restored.</summary>
    Corrupt,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>Parts of it are where the store cannot look now; it can be judged when they are back.</summary>
    OutOfReach,
}
