namespace ZeroFtp.Storage.Options;

/// <summary>How the directories that a front-end keeps in memory follow the changes of the others.</summary>
public enum DirectoryCoherence
{
    /// <summary>Every answer is of now: what was acknowledged through one front-end shows through all others.</summary>
    Strict,

    /// <summary>What a read shows may be as old as <see cref="MetadataServerOptions.MaxAge"/>; a front-end sees its own changes at once. Commands that change something resolve their paths in the database, as with <see cref="Strict"/>.</summary>
    Bounded,
}
