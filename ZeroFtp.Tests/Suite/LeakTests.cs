using System.Globalization;
using System.Net;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Suite;

[Collection(SuiteCollection.Name)]
public sealed class LeakTests
{
    private const int Logins = 100;
    private const int TransfersPerLogin = 100;
    private const int WarmUp = 30;

    /// <summary>ROB-10: what one transfer in ten thousand might keep would be 24 MiB at 3 KiB each.</summary>
    [Fact]
    public async Task A_hundred_logins_and_ten_thousand_transfers_keep_neither_descriptors_nor_memory()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux has /proc.");
        using TemporaryDirectory directory = new();
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(directory.Path, "s3cret\n", "user", "add", "alice", "--password-stdin");
        Assert.True(code == 0, errors);
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(directory.Path, null, ["serve", "--listen", "127.0.0.1:0", "--no-login-limits"], new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" });
        IPEndPoint address = await program.WaitForListenerAsync();
        await LoginsAsync(address, WarmUp);
        (int descriptors, long memory) = Use(program.ProcessId);

        await LoginsAsync(address, Logins);

        await DistributedCluster.UntilAsync("the descriptors are closed", () => Task.FromResult(Use(program.ProcessId).Descriptors <= descriptors + 2));
        Assert.InRange(Use(program.ProcessId).Memory - memory, long.MinValue, 24 << 20);
    }

    private static async Task LoginsAsync(IPEndPoint address, int count)
    {
        for (int login = 0; login < count; login++)
        {
            await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret");
            await client.StoreAsync("/x", "some octets");
            for (int transfer = 1; transfer < TransfersPerLogin; transfer++)
                Assert.Equal("some octets", await client.RetrieveAsync("/x"));
        }
    }

    /// <summary>How many descriptors a process has open, and how many octets of memory are its own.</summary>
    private static (int Descriptors, long Memory) Use(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return (Directory.GetFileSystemEntries($"/proc/{process}/fd").Length, 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
    }
}
