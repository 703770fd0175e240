namespace ZeroFtp.Storage.Options;

/// <summary>How the directories that a front-end caches follow changes made by others.</summary>
public enum DirectoryCoherence
{
    /// <summary>Every answer is current: a change acknowledged by one front-end is visible through all others.</summary>
    Strict,

    /// <summary>
    /// Reads may be as old as <see cref="MetadataServerOptions.MaxAge"/>; a front-end sees its own changes at once. Commands that change something resolve
    /// their paths in the database, as with <see cref="Strict"/>.
    /// </summary>
    Bounded,
}
