namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>What is wrong with the data that a client sent.</summary>
internal enum TransferDataFault
{
    /// <summary>They end before their own end mark: the connection was cut.</summary>
    Truncated,

    /// <summary>They break the rules of their MODE or STRU, or go on behind their end mark.</summary>
    Corrupt,
}

/// <summary>The client's data are not what MODE and STRU promise. The upload must not be published.</summary>
internal sealed class TransferDataException(TransferDataFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public TransferDataFault Fault { get; } = fault;
}
