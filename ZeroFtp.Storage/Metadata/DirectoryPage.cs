namespace ZeroFtp.Storage.Metadata;

/// <summary>A page of a directory's entries, with the directory's version at that moment; null if the directory does not exist.</summary>
internal readonly record struct DirectoryPage(long? Version, FileRow[] Rows);
