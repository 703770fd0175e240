namespace ZeroFtp.Storage.Metadata;

/// <summary>How far a walk came.</summary>
/// <param name="Found">A row for each name that was found, in order; directories with <see cref="FileRow.DirectoryVersion"/>. Fewer than the names asked for: the next one is missing, or the last row is no directory.</param>
internal readonly record struct Resolution(IReadOnlyList<FileRow> Found);

/// <summary>What a change of the tree did.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="File">The entry as it now stands, or as it was if it is gone; null if not done, or if it is not known.</param>
/// <param name="DirectoryVersion">The version of the (source) directory now; 0 if the answer to the change was lost, so that the directory has to be read again.</param>
/// <param name="TargetVersion">Of a move: the version of the target directory now.</param>
internal readonly record struct TreeResult(Outcome Outcome, FileRow? File = null, long DirectoryVersion = 0, long TargetVersion = 0);

/// <summary>Facts to change; null leaves one as it is.</summary>
internal readonly record struct FactUpdate(long? ModTime = null, long? BirthTime = null, int? Mode = null)
{
    /// <summary>The entry with these facts.</summary>
    public FileRow ApplyTo(FileRow row) => row with { ModTime = ModTime ?? row.ModTime, BirthTime = BirthTime ?? row.BirthTime, Mode = Mode ?? row.Mode };
}

/// <summary>A file and (some of) its extents, of one moment.</summary>
/// <param name="File">The row, with its key.</param>
/// <param name="Extents">Extents from the asked offset on, in order, without gaps.</param>
/// <param name="HasMore">Whether extents follow that the limit left out.</param>
internal sealed record FileContent(FileRow File, IReadOnlyList<Extent> Extents, bool HasMore);

/// <summary>What a publication did.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="File">The file as published, with its key; null if not done.</param>
/// <param name="DirectoryVersion">The directory's version now.</param>
internal readonly record struct PublishResult(Outcome Outcome, FileRow? File = null, long DirectoryVersion = 0);

/// <summary>What was left of an abandoned upload.</summary>
/// <param name="Kept">Whether a partial file was created or grew.</param>
/// <param name="File">That file; otherwise null.</param>
/// <param name="DirectoryVersion">The directory's version now, if kept.</param>
internal readonly record struct AbandonResult(bool Kept, FileRow? File = null, long DirectoryVersion = 0);

/// <summary>What an owner has.</summary>
internal readonly record struct Usage(long Bytes, long Files);

/// <summary>What a step of reaping did.</summary>
/// <param name="Uploads">Dead front-ends' uploads ended.</param>
/// <param name="Partials">How many of them left a partial file.</param>
/// <param name="Servers">Dead front-ends removed.</param>
/// <param name="Entries">Entries of removed trees deleted.</param>
/// <param name="More">Whether another step would find work.</param>
internal readonly record struct ReapResult(int Uploads, int Partials, int Servers, int Entries, bool More);

/// <summary>An extent met by a scan.</summary>
/// <param name="Key">The content it belongs to.</param>
/// <param name="Extent">The extent.</param>
internal readonly record struct ScannedExtent(string Key, Extent Extent);
