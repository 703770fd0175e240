namespace ZeroFtp.Storage.Objects;

/// <summary>What is on disk when an upload, a rename or a removal is acknowledged.</summary>
public enum Durability
{
    /// <summary>Everything: the object, its directory entry and the database's log have been synced. Acknowledged changes survive a power failure.</summary>
    Full,

    /// <summary>
    /// What was passed to the operating system: it survives the end of the process, but not a power failure. The store stays consistent in both cases, except
    /// for the content of the last objects.
    /// </summary>
    Relaxed,
}
