namespace ZeroFtp.Storage.Embedded;

/// <summary>Thrown when another process holds the data directory.</summary>
public sealed class StorageInUseException : IOException
{
    /// <summary>Creates the exception.</summary>
    public StorageInUseException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
