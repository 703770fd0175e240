namespace ZeroFtp.Host.Configuration;

/// <summary>Where names and content are.</summary>
internal enum StorageKind
{
    /// <summary>In the data directory of this machine.</summary>
    Embedded,

    /// <summary>In a database and in 0-stor, which several front-ends share.</summary>
    Distributed,
}
