namespace ZeroFtp.Storage;

/// <summary>How the directories that a front-end keeps in memory follow the changes of the others.</summary>
public enum DirectoryCoherence
{
    /// <summary>Every answer is of now: what was acknowledged through one front-end shows through all others.</summary>
    Strict,

    /// <summary>An answer may be as old as <see cref="MetadataServerOptions.MaxAge"/>; a front-end sees its own changes at once.</summary>
    Bounded,
}
