namespace ZeroFtp.Storage.Objects;

/// <summary>What is on disk when an upload, a rename or a removal is acknowledged.</summary>
public enum Durability
{
    /// <summary>Everything: the object, its directory entry and the database's log have been synced. What was acknowledged survives a loss of power.</summary>
    Full,

    /// <summary>What the operating system was given: it survives the end of the process, but not a loss of power. The store stays consistent either way but for the content of the last objects.</summary>
    Relaxed,
}
