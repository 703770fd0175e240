namespace ZeroFtp.Storage.Metadata;

/// <summary>A range of content and its location: the bytes [<see cref="ObjectOffset"/>, + <see cref="Length"/>) of an object.</summary>
/// <param name="Start">Its position in the file, or in what an upload received.</param>
/// <param name="Length">Its length in bytes, at least 1.</param>
/// <param name="Object">The object that contains it.</param>
/// <param name="ObjectOffset">Its position in the object; not 0 after an overwrite has cut off the extent's beginning.</param>
internal readonly record struct Extent(long Start, long Length, ObjectRow Object, long ObjectOffset = 0)
{
    /// <summary>The position of the next extent.</summary>
    public long End => Start + Length;

    /// <summary>True if the extent is its whole object, so that the object's CRC is the extent's.</summary>
    public bool IsWhole => ObjectOffset == 0 && Length == Object.Length;
}
