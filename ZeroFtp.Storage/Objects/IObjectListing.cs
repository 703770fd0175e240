namespace ZeroFtp.Storage.Objects;

/// <summary>An object store that can say what it holds, so that fsck finds objects that nothing refers to. Remote stores cannot.</summary>
internal interface IObjectListing
{
    /// <summary>Every object at the time of the call, in no order; those that come or go meanwhile may be missing or not.</summary>
    IAsyncEnumerable<ListedObject> ListAsync(CancellationToken cancellationToken);
}

/// <summary>An object as the store lists it.</summary>
/// <param name="Id">The id that its name was made from.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Length">Its octets.</param>
/// <param name="ModifiedUtc">When it was last written; what is younger than the start of a check may still be journalled.</param>
internal readonly record struct ListedObject(long Id, string Reference, long Length, DateTime ModifiedUtc);
