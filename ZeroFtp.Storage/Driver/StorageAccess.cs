namespace ZeroFtp.Storage.Driver;

/// <summary>What a process wants of a store.</summary>
public enum StorageAccess
{
    /// <summary>Serve, check or collect it: everything works. An embedded store has one such process at a time, a distributed one any number.</summary>
    Serve,

    /// <summary>Look after accounts only, also while another process serves.</summary>
    Administer,
}
