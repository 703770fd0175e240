using System.IO.Pipelines;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Tests.Protocol.Transfer;

/// <summary>Ways to write the same parts through the converters of a transfer, and what comes out of each.</summary>
internal static class Sending
{
    public static async Task<byte[]> SendAsync(TransferShape shape, IEnumerable<byte[]> parts, bool inPlace, bool finish = true)
    {
        MemoryStream link = new();
        PipeWriter writer = PipeWriter.Create(link, new StreamPipeWriterOptions(minimumBufferSize: 16, leaveOpen: true));
        PipeWriter sender = TransferPipeline.Sender(writer, shape);
        foreach (byte[] part in parts)
        {
            if (inPlace)
            {
                part.CopyTo(sender.GetMemory(part.Length));
                sender.Advance(part.Length);
            }
            else
            {
                await sender.WriteAsync(part);
            }
        }
        if (finish)
            await TransferPipeline.FinishAsync(sender, CancellationToken.None);
        (sender as IDisposable)?.Dispose();
        await writer.CompleteAsync();
        return link.ToArray();
    }

    /// <summary>The results of sending whole, byte by byte, and in parts, through memory and through arrays.</summary>
    public static async Task<byte[][]> SendAllWaysAsync(TransferShape shape, byte[] data, int[] cuts) =>
    [
        await SendAsync(shape, [data], inPlace: true),
        await SendAsync(shape, [data], inPlace: false),
        await SendAsync(shape, Cuts.Single(data), inPlace: true),
        await SendAsync(shape, Cuts.At(data, cuts), inPlace: true),
        await SendAsync(shape, Cuts.At(data, cuts), inPlace: false),
    ];
}
