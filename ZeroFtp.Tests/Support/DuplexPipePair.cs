using System.IO.Pipelines;

namespace ZeroFtp.Tests.Support;

/// <summary>Two pipes back to back: a connection in memory. What one end writes runs the other end's code before the write returns, so that a test knows when the server has done all it can.</summary>
internal sealed class DuplexPipePair
{
    public DuplexPipePair(int pauseAt = 64 * 1024)
    {
        PipeOptions options = new(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: pauseAt,
            resumeWriterThreshold: pauseAt / 2,
            useSynchronizationContext: false);
        Pipe toServer = new(options), toClient = new(options);
        Server = new End(toServer.Reader, toClient.Writer);
        Client = new End(toClient.Reader, toServer.Writer);
    }

    public IDuplexPipe Server { get; }

    public IDuplexPipe Client { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
