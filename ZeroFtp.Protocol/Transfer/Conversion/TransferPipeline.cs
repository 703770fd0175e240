using System.IO.Pipelines;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>Puts the converters of a transfer in front of a data connection: the type first, compression last, and TLS, which is the connection's own affair, behind that.</summary>
internal static class TransferPipeline
{
    /// <summary>What a download writes to. Without conversion that is <paramref name="link"/> itself; otherwise dispose the result, which leaves the link alone.</summary>
    public static PipeWriter Sender(PipeWriter link, TransferShape shape)
    {
        PipeWriter sender = link;
        if (shape.DeflateLevel is int level)
            sender = new DeflateSender(sender, level);
        if (shape.IsRecords)
            sender = new RecordSender(sender, shape.IsAscii);
        else if (shape.IsAscii)
            sender = new AsciiSender(sender);
        return sender;
    }

    /// <summary>What an upload reads from. Without conversion that is <paramref name="link"/> itself; otherwise dispose the result, which leaves the link alone.</summary>
    public static PipeReader Receiver(PipeReader link, TransferShape shape)
    {
        PipeReader receiver = link;
        if (shape.DeflateLevel is not null)
            receiver = new DeflateReceiver(receiver);
        if (shape.IsRecords)
            receiver = new RecordReceiver(receiver, shape.IsAscii);
        else if (shape.IsAscii)
            receiver = new AsciiReceiver(receiver);
        return receiver;
    }

    /// <summary>Writes what the converters still hold and their end marks, and flushes. Without it the peer takes the data for cut.</summary>
    public static ValueTask<FlushResult> FinishAsync(PipeWriter sender, CancellationToken cancellationToken) =>
        sender is TransferSender converter ? converter.FinishAsync(cancellationToken) : sender.FlushAsync(cancellationToken);

    /// <summary>What was wrong with the data that <paramref name="receiver"/> gave, however a driver may have wrapped or swallowed the exception; null if nothing was.</summary>
    public static TransferDataException? FailureOf(PipeReader receiver) => (receiver as TransferReceiver)?.Failure;
}
