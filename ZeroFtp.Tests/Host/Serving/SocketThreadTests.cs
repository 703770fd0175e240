using System.Globalization;
using System.Net;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Serving;

/// <summary>On which threads of the program commands run. What creates a socket too early costs a third of the commands per second and breaks nothing else.</summary>
public sealed class SocketThreadTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Commands_run_on_the_threads_that_read_the_sockets()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "threads are read from /proc");
        await ZeroFtpProgram.RunAsync(_directory.Path, "s3cret\n", ["user", "add", "alice", "--password-stdin"]);
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0");
        IPEndPoint address = await program.WaitForListenerAsync();
        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret");
        for (int count = 0; count < 100; count++)
            await client.SendAsync("NOOP", '2');

        long sockets = ProcessorTime(program, ".NET Sockets"), workers = ProcessorTime(program, ".NET TP Worker");
        for (int count = 0; count < 2000; count++)
            await client.SendAsync("NOOP", '2');
        sockets = ProcessorTime(program, ".NET Sockets") - sockets;
        workers = ProcessorTime(program, ".NET TP Worker") - workers;

        Assert.True(sockets > 2 * workers, $"{sockets} ns on the threads of the sockets, {workers} ns on those of the thread pool");
    }

    /// <summary>Nanoseconds on a processor so far, of all threads with a name.</summary>
    private static long ProcessorTime(ZeroFtpProgram program, string name)
    {
        long sum = 0;
        foreach (string thread in Directory.GetDirectories($"/proc/{program.ProcessId}/task"))
        {
            if (File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd() == name)
                sum += long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
        }
        return sum;
    }
}
