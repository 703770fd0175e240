using System.IO.Pipelines;
using System.Net;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Tests.Security;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Sessions;

/// <summary>Sessions share threads.</summary>
public sealed class FairnessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_never_pauses_does_not_keep_its_thread()
    {
        await using MemoryServer server = MemoryServer.Create();
        Chatter chatter = new();
        // Whoever starts the session gets its thread back, though no read and no write ever has to wait.
        Task<Task> started = Task.Factory.StartNew(
            () => server.Ftp.ServeOverAsync(chatter, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 21), new IPEndPoint(MemoryServer.DefaultClientAddress, 60_000), false, server.Data),
            Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task session;
        try
        {
            session = await started.WaitAsync(MemoryServer.Patience, Cancelled);
        }
        finally
        {
            chatter.IsOver = true;
        }
        await session.WaitAsync(MemoryServer.Patience, Cancelled);
        Assert.True(chatter.Replies.Octets > 0, "The session never answered.");
    }

    [Fact]
    public async Task A_long_look_through_a_directory_does_not_keep_its_thread()
    {
        Task<bool> reading = Task.Factory.StartNew(
            static async () =>
            {
                await using DirectoryCursor cursor = new(new BreakingDirectory(10_000, FtpError.Unavailable), FtpPath.Root, Cancelled);
                for (int i = 0; i < 5_000; i++)
                    await cursor.MoveNextAsync();
                return cursor.HasCurrent && Thread.CurrentThread.IsThreadPoolThread;
            },
            Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        Assert.True(await reading.WithinAsync("a directory of 10,000 is read"));
    }

    /// <summary>A client that has always said NOOP once more, and takes all answers at once.</summary>
    private sealed class Chatter : IDuplexPipe
    {
        public volatile bool IsOver;

        public Chatter() => Input = PipeReader.Create(new Talk(this));

        public PipeReader Input { get; }

        public Ear Replies { get; } = new();

        public PipeWriter Output => field ??= PipeWriter.Create(Replies);

        private sealed class Talk(Chatter owner) : MemoryStream
        {
            public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                if (owner.IsOver)
                    return ValueTask.FromResult(0);
                "NOOP\r\n"u8.CopyTo(buffer.Span);
                return ValueTask.FromResult(6);
            }
        }
    }

    private sealed class Ear : MemoryStream
    {
        public long Octets { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Octets += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
