namespace ZeroFtp.Storage.Metadata;

/// <summary>A row of <c>file</c>: one entry of a directory. Immutable.</summary>
internal sealed record FileRow
{
    /// <summary>The entry's id; of a directory also the id under which its entries are found. It outlives renames and replaced content.</summary>
    public required long Id { get; init; }

    /// <summary>The directory that holds it; 0 for a root.</summary>
    public required long Directory { get; init; }

    /// <summary>Its name, 1 to 255 characters, so at most 1,020 octets of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory { get; init; }

    /// <summary>Permission bits.</summary>
    public int Mode { get; init; }

    /// <summary>Modification time.</summary>
    public long ModTime { get; init; }

    /// <summary>Time of birth.</summary>
    public long BirthTime { get; init; }

    /// <summary>Length; 0 for directories and links.</summary>
    public long Size { get; init; }

    /// <summary>The key of its content, where the call that gave this row says so; otherwise null.</summary>
    public string? StorKey { get; init; }

    /// <summary>Whether the content is what an interrupted upload left.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The target if it is a symbolic link, otherwise null.</summary>
    public string? Link { get; init; }

    /// <summary>The account that is charged for it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Grows with every change of this row or its content.</summary>
    public long Version { get; init; }

    /// <summary>Of a directory: grows with every change of an entry, where the call says so; otherwise 0.</summary>
    public long DirectoryVersion { get; init; }
}
