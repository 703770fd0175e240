namespace ZeroFtp.Storage.Driver;

/// <summary>Why a process opens a store.</summary>
public enum StorageAccess
{
    /// <summary>To serve, check or collect it: everything works. An embedded store has one such process at a time, a distributed one any number.</summary>
    Serve,

    /// <summary>To manage accounts only, also while another process serves.</summary>
    Administer,
}
