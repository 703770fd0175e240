using System.Diagnostics;
using ZeroFtp.Tests.Interop;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults;

/// <summary>Killing a process does not show whether anything was synced, since the system keeps what was written. Its system calls do.</summary>
public sealed class SyncOrderTests : IDisposable
{
    private const int Uploads = 5;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_upload_is_acknowledged_only_after_its_object_its_directory_and_the_database_log_are_synced()
    {
        string[] calls = await TraceAsync("full");

        (int acknowledged, List<string> faults) = SyncOrder.Check(calls);

        Assert.Equal(Uploads, acknowledged);
        Assert.Empty(faults);

        // The check is worth something only if it fails for each sync that is taken out.
        foreach (string kind in (string[])["object", "directory", "log"])
        {
            string[] without = [.. calls.Where(line => !IsSyncOf(kind, line))];
            Assert.True(without.Length < calls.Length);
            Assert.Equal(Uploads, SyncOrder.Check(without).Faults.Count);
        }
    }

    [Fact]
    public async Task Relaxed_durability_syncs_nothing_for_an_upload()
    {
        (int acknowledged, List<string> faults) = SyncOrder.Check(await TraceAsync("relaxed"));

        Assert.Equal(Uploads, acknowledged);
        Assert.True(faults.Count >= 2 * Uploads, string.Join('\n', faults));
    }

    private static bool IsSyncOf(string kind, string line)
    {
        int from = line.IndexOf('<', StringComparison.Ordinal), to = line.IndexOf('>', StringComparison.Ordinal);
        if (!line.Contains("sync(", StringComparison.Ordinal) || from < 0 || to < from)
            return false;
        string path = line[(from + 1)..to];
        return kind switch
        {
            "object" => SyncOrder.ObjectFile().IsMatch(path),
            "directory" => SyncOrder.ObjectDirectory().IsMatch(path),
            _ => path.EndsWith("metadata.db-wal", StringComparison.Ordinal),
        };
    }

    private async Task<string[]> TraceAsync(string durability)
    {
        string data = Path.Combine(_directory.Path, durability), log = Path.Combine(_directory.Path, durability + ".trace");
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, "word\n", "user", "add", "writer", "--password-stdin", "--data", data);
        Assert.True(code == 0, errors);
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0", "--data", data, "--durability", durability, "--no-login-limits");
        System.Net.IPEndPoint address = await program.WaitForListenerAsync();
        await using (PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, "writer", "word"))
        {
            Client.Need("strace");
            using Process strace = Process.Start(new ProcessStartInfo("strace", ["-f", "-y", "-s", "64", "-e", "trace=fsync,fdatasync,write,sendto,sendmsg", "-o", log, "-p", $"{program.ProcessId}"]) { RedirectStandardError = true })!;
            // strace says that it has attached, once for each thread.
            string? attached = await strace.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WithinAsync("strace attaches");
            if (attached?.Contains("attached", StringComparison.Ordinal) != true)
                Assert.Skip($"strace cannot attach here: {attached}");
            _ = strace.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await client.SendAsync("NOOP", '2');
            for (int i = 0; i < Uploads; i++)
                await client.StoreAsync($"f{i}", new string('x', 10_000 * (i + 1)));
            program.Terminate();
            await program.WaitForExitAsync();
            await strace.ExitAsync("strace");
        }
        return await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
    }
}
