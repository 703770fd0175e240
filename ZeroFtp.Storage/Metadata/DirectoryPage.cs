namespace ZeroFtp.Storage.Metadata;

/// <summary>A page of a directory's entries and the directory's version at that moment; null if it does not exist.</summary>
internal readonly record struct DirectoryPage(long? Version, FileRow[] Rows);
