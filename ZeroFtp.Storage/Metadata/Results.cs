namespace ZeroFtp.Storage.Metadata;

/// <summary>The result of resolving names.</summary>
/// <param name="Found">
/// A row for each name that was found, in order; directories with <see cref="FileRow.DirectoryVersion"/>. If there are fewer rows than names, the next name is
/// missing or the last row is not a directory.
/// </param>
internal readonly record struct Resolution(IReadOnlyList<FileRow> Found);

/// <summary>The result of a change of the tree.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="File">The entry as it is now, or as it was if it is gone; null if nothing was done, or if it is unknown.</param>
/// <param name="DirectoryVersion">
/// The current version of the (source) directory; 0 if the answer to the change was lost, so that the directory must be read again.
/// </param>
/// <param name="TargetVersion">For a move, the current version of the target directory.</param>
internal readonly record struct TreeResult(Outcome Outcome, FileRow? File = null, long DirectoryVersion = 0, long TargetVersion = 0);

/// <summary>Facts to change; null keeps a fact.</summary>
internal readonly record struct FactUpdate(long? ModTime = null, long? BirthTime = null, int? Mode = null)
{
    /// <summary>Returns the entry with these facts.</summary>
    public FileRow ApplyTo(FileRow row) => row with { ModTime = ModTime ?? row.ModTime, BirthTime = BirthTime ?? row.BirthTime, Mode = Mode ?? row.Mode };
}

/// <summary>A file and (some of) its extents, at one moment.</summary>
/// <param name="File">The row, with its key.</param>
/// <param name="Extents">Extents from the requested offset on, in order, without gaps.</param>
/// <param name="HasMore">True if further extents were left out because of the limit.</param>
internal sealed record FileContent(FileRow File, IReadOnlyList<Extent> Extents, bool HasMore);

/// <summary>The result of a publication.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="File">The file as published, with its key; null if nothing was done.</param>
/// <param name="DirectoryVersion">The directory's current version.</param>
internal readonly record struct PublishResult(Outcome Outcome, FileRow? File = null, long DirectoryVersion = 0);

/// <summary>What was left of an abandoned upload.</summary>
/// <param name="Kept">True if a partial file was created or extended.</param>
/// <param name="File">The partial file, or null.</param>
/// <param name="DirectoryVersion">The directory's current version if a partial file was kept.</param>
internal readonly record struct AbandonResult(bool Kept, FileRow? File = null, long DirectoryVersion = 0);

/// <summary>What an owner uses.</summary>
internal readonly record struct Usage(long Bytes, long Files);

/// <summary>The result of a reaping step.</summary>
/// <param name="Uploads">The number of dead front-ends' uploads that were ended.</param>
/// <param name="Partials">How many of them left a partial file.</param>
/// <param name="Servers">The number of dead front-ends that were removed.</param>
/// <param name="Entries">The number of entries of removed trees that were deleted.</param>
/// <param name="More">True if another step would find work.</param>
internal readonly record struct ReapResult(int Uploads, int Partials, int Servers, int Entries, bool More);

/// <summary>An extent returned by a scan.</summary>
/// <param name="Key">The key of its content.</param>
/// <param name="Extent">The extent.</param>
internal readonly record struct ScannedExtent(string Key, Extent Extent);
