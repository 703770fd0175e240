namespace ZeroFtp.Storage.Metadata;

/// <summary>A stretch of content and where it is: octets [<see cref="ObjectOffset"/>, + <see cref="Length"/>) of an object.</summary>
/// <param name="Start">Where it begins, in the file, or in what an upload received.</param>
/// <param name="Length">Its octets, at least 1.</param>
/// <param name="Object">The object that holds them.</param>
/// <param name="ObjectOffset">Where they begin in the object: not 0 once an overwrite has cut the extent's beginning off.</param>
internal readonly record struct Extent(long Start, long Length, ObjectRow Object, long ObjectOffset = 0)
{
    /// <summary>Where the next extent begins.</summary>
    public long End => Start + Length;

    /// <summary>Whether it is its whole object, so that the object's CRC is the extent's.</summary>
    public bool IsWhole => ObjectOffset == 0 && Length == Object.Length;
}
