namespace ZeroFtp.Storage.Metadata;

/// <summary>A row of <c>file</c>: one entry of a directory. Immutable.</summary>
internal sealed record FileRow
{
    /// <summary>The entry's id; for a directory, also the id that its entries refer to. It survives renames and replaced content.</summary>
    public required long Id { get; init; }

    /// <summary>The id of the parent directory; 0 for a root.</summary>
    public required long Directory { get; init; }

    /// <summary>The name, 1 to 255 characters, so at most 1,020 bytes in UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>True for a directory.</summary>
    public bool IsDirectory { get; init; }

    /// <summary>Permission bits.</summary>
    public int Mode { get; init; }

    /// <summary>Modification time.</summary>
    public long ModTime { get; init; }

    /// <summary>Creation time.</summary>
    public long BirthTime { get; init; }

    /// <summary>Length in bytes; 0 for directories and links.</summary>
    public long Size { get; init; }

    /// <summary>The content key, if the call that returned this row says so; otherwise null.</summary>
    public string? StorKey { get; init; }

    /// <summary>True if the content was left by an interrupted upload.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The target of a symbolic link, otherwise null.</summary>
    public string? Link { get; init; }

    /// <summary>The account that is charged for the entry.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Incremented by every change of this row or its content.</summary>
    public long Version { get; init; }

    /// <summary>For a directory, incremented by every change of an entry, if the call says so; otherwise 0.</summary>
    public long DirectoryVersion { get; init; }
}
