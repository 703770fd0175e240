using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults;

/// <summary>The program is killed (SIGKILL) while clients store. What was answered 226 is there afterwards, whole; every other name is absent, old, new, or a partial; fsck finds nothing wrong.</summary>
public sealed class KillTests : IDisposable
{
    private const string User = "writer";
    private const string Password = "word";
    private readonly TemporaryDirectory _directory = new();

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("ZEROFTP_TEST_KILLS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 6;

    private string Data => Path.Combine(_directory.Path, "data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_acknowledged_survives_every_kill()
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, Password + "\n", "user", "add", User, "--password-stdin", "--data", Data);
        Assert.True(code == 0, errors);
        ConcurrentDictionary<string, int> acknowledged = new();
        Random random = new(7);
        for (int round = 0; round < Rounds; round++)
        {
            await using ZeroFtpProgram program = await StartAsync();
            IPEndPoint address = await program.WaitForListenerAsync();
            Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => WriteAsync(address, $"r{round}w{writer}", acknowledged))];
            int before = acknowledged.Count;
            int wanted = before + random.Next(5, 40);
            await Bounded.UntilAsync("enough is acknowledged", () => acknowledged.Count >= wanted);
            program.Kill();
            await Task.WhenAll(writers);
            await program.WaitForExitAsync();
        }

        (code, string output, errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "fsck", "--data", Data);
        Assert.True(code == 0, output + errors);
        await using ZeroFtpProgram last = await StartAsync();
        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(await last.WaitForListenerAsync(), User, Password);
        foreach ((string name, int length) in acknowledged)
            Assert.Equal(Content(name, length), await client.RetrieveAsync(name));
        Assert.True(acknowledged.Count >= Rounds * 5);
    }

    private Task<ZeroFtpProgram> StartAsync() =>
        Task.FromResult(ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0", "--data", Data, "--durability", "full", "--no-login-limits"));

    private static string Content(string name, int length) => string.Concat(Enumerable.Repeat(name, (length / name.Length) + 1))[..length];

    private static async Task WriteAsync(IPEndPoint address, string prefix, ConcurrentDictionary<string, int> acknowledged)
    {
        try
        {
            await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, User, Password);
            for (int i = 0; ; i++)
            {
                string name = $"{prefix}f{i}";
                int length = 1 + (i * 7919 % 60_000);
                await client.StoreAsync(name, Content(name, length));
                acknowledged[name] = length;
            }
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or FormatException)
        {
            // The server was killed, as planned.
        }
    }
}
