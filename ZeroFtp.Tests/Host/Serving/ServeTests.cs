using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Serving;

/// <summary>The program from its start to its stop, as a process with a client beside it.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_first_start_leads_to_a_server_that_can_be_used_and_sigterm_ends_it_well()
    {
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0");
        string[] made = (await program.WaitForLineAsync("created the account ")).Split(' ');
        (string user, string password) = (made[0], made[4]);
        string curl = await program.WaitForLineAsync("try: echo hello | curl ");
        IPEndPoint address = await program.WaitForListenerAsync();
        Assert.EndsWith($"--user {user}:{password} -T - ftp://{address}/hello.txt ftp://{address}/", curl, StringComparison.Ordinal);
        Assert.Contains($"--cacert '{Path.Combine(_directory.Path, "zeroftp-data", "tls", "certificate.pem")}' ", curl, StringComparison.Ordinal);

        await using (PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, user, password))
        {
            await client.StoreAsync("/a b.txt", "hello");
            Assert.Equal("hello", await client.RetrieveAsync("/a b.txt"));
        }
        program.Terminate();

        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Equal(
            [("STOR", "/a b.txt", 5L, "complete"), ("RETR", "/a b.txt", 5L, "complete")],
            File.ReadAllLines(Path.Combine(_directory.Path, "zeroftp-data", "log", "transfers.log")).Select(Transfer));
        Assert.DoesNotContain(password, program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_start_creates_no_account_and_says_how_to_set_a_password()
    {
        await AddAccountAsync();
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0", "--listen-implicit", "127.0.0.1:0");
        await program.WaitForListenerAsync();
        await program.WaitForListenerAsync();

        Assert.Equal(3, program.Output.Count);
        Assert.Equal("the account alice exists; zeroftp user passwd alice sets a new password", program.Output[0]);
        Assert.EndsWith(" (implicit TLS)", program.Output[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changing_an_account_beside_the_server_ends_its_sessions_and_says_how_many()
    {
        await AddAccountAsync();
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0");
        IPEndPoint address = await program.WaitForListenerAsync();
        await using PlainFtpClient one = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret");
        await using PlainFtpClient two = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret");

        Assert.Equal("changed alice\n0 sessions ended, 2 sessions left", await UserAsync("set", "alice", "--admin"));
        Assert.Equal("changed alice\n2 sessions ended, 0 sessions left", await UserAsync("set", "alice", "--enabled", "false"));

        Assert.StartsWith("421", await one.ReadAsync('4'), StringComparison.Ordinal);
        Assert.StartsWith("421", await two.ReadAsync('4'), StringComparison.Ordinal);
        Assert.Equal("removed alice\n0 sessions ended, 0 sessions left", await UserAsync("remove", "alice"));

        async Task<string> UserAsync(params string[] arguments)
        {
            (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, ["user", .. arguments]);
            Assert.Equal("", errors);
            Assert.Equal(0, code);
            return output.Trim().ReplaceLineEndings("\n");
        }
    }

    [Fact]
    public async Task A_second_server_on_the_directory_is_refused()
    {
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0");
        await program.WaitForListenerAsync();

        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "serve", "--listen", "127.0.0.1:0");

        Assert.Equal(1, code);
        Assert.DoesNotContain("listening", output, StringComparison.Ordinal);
        Assert.Contains("zeroftp: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_ends_the_start_in_a_plain_line()
    {
        await AddAccountAsync();
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();

        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "serve", "--listen", taken.LocalEndpoint.ToString()!);

        Assert.Equal(1, code);
        Assert.Equal(
            $"zeroftp: listen: cannot listen on {taken.LocalEndpoint}: another program listens there; stop it or choose another port (from --listen)",
            errors);
    }

    [Fact]
    public async Task A_first_start_that_cannot_listen_creates_nothing()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();

        (int code, string output, _) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "serve", "--listen", "127.0.0.1:0", "--metrics", taken.LocalEndpoint.ToString()!);

        Assert.Equal((1, ""), (code, output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task The_line_to_try_uploads_a_file_and_lists_it()
    {
        Interop.Client.Need("curl");
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0");
        string line = await program.WaitForLineAsync("try: ");

        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string listing = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WithinAsync("the end of curl");
        await shell.ExitAsync("curl");

        Assert.Equal(0, shell.ExitCode);
        Assert.EndsWith(" hello.txt", listing.Trim(), StringComparison.Ordinal);
        Assert.Contains(" 6 ", listing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_says_what_it_waits_for_and_the_second_ends_it()
    {
        await AddAccountAsync();
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0", "--set", "limits:stopGrace=1h");
        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(await program.WaitForListenerAsync(), "alice", "s3cret");
        using TcpClient data = await client.BeginStoreAsync("/x", "y"u8.ToArray());

        program.Interrupt();
        await program.WaitForErrorAsync("stopping: waiting up to 1h for 1 transfer; a second Ctrl-C or SIGTERM ends it now");
        program.Interrupt();

        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Contains("stopping: ending 1 transfer now", program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_has_a_line_for_its_login_and_one_for_its_end_with_the_address()
    {
        await AddAccountAsync();
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0");
        IPEndPoint address = await program.WaitForListenerAsync();
        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret");

        string login = await program.WaitForErrorAsync("alice logged in from 127.0.0.1:");
        await client.SendAsync("QUIT", '2');
        string end = await program.WaitForErrorAsync("closed");

        Assert.Contains(" info ", login, StringComparison.Ordinal);
        Assert.Contains(" info ", end, StringComparison.Ordinal);
        Assert.Contains("alice from 127.0.0.1:", end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_and_health_are_served_when_asked_for()
    {
        await AddAccountAsync();
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0");
        Uri metrics = new(await program.WaitForLineAsync("metrics on "));
        IPEndPoint address = await program.WaitForListenerAsync();
        using HttpClient http = new();

        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret");
        string text = await http.GetStringAsync(metrics, TestContext.Current.CancellationToken);

        Assert.Contains("\nzeroftp_sessions{} 1\n", text, StringComparison.Ordinal);
        Assert.Equal("ready\n", await http.GetStringAsync(new Uri(metrics, "/health/ready"), TestContext.Current.CancellationToken));
        Assert.Equal("live\n", await http.GetStringAsync(new Uri(metrics, "/health/live"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_hang_up_takes_what_can_be_reloaded_and_names_the_rest()
    {
        await AddAccountAsync();
        string file = Path.Combine(_directory.Path, "zeroftp.json");
        File.WriteAllText(file, """{ "listen": ["127.0.0.1:0"] }""");
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve");
        IPEndPoint address = await program.WaitForListenerAsync();
        File.WriteAllText(file, """{ "listen": ["127.0.0.1:0"], "transferLog": { "file": "other.log" }, "limits": { "maxSessions": 5 } }""");

        program.HangUp();
        // in the order of the keys
        await program.WaitForErrorAsync("limits:maxSessions was changed and takes effect at the next start");
        await program.WaitForErrorAsync("transferLog:file is now other.log");
        await using (PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret"))
            await client.StoreAsync("/x", "y");
        program.Terminate();

        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Equal(("STOR", "/x", 1L, "complete"), Transfer(File.ReadAllText(Path.Combine(_directory.Path, "other.log"))));
    }

    [Fact]
    public async Task A_configuration_file_that_is_gone_leaves_the_server_as_it_is()
    {
        await AddAccountAsync();
        string file = Path.Combine(_directory.Path, "zeroftp.json");
        File.WriteAllText(file, """{ "listen": ["127.0.0.1:0"], "transferLog": { "file": "other.log" } }""");
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve");
        IPEndPoint address = await program.WaitForListenerAsync();
        File.Delete(file);

        program.HangUp();
        await program.WaitForErrorAsync("the configuration in use stays: zeroftp.json: the file cannot be read");
        await using (PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret"))
            await client.StoreAsync("/x", "y");
        program.Terminate();

        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Equal(("STOR", "/x", 1L, "complete"), Transfer(File.ReadAllText(Path.Combine(_directory.Path, "other.log"))));
    }

    [Fact]
    public async Task A_reload_that_can_make_no_certificate_leaves_the_server_as_it_is()
    {
        await AddAccountAsync();
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0");
        IPEndPoint address = await program.WaitForListenerAsync();
        string certificates = Path.Combine(_directory.Path, "zeroftp-data", "tls");

        // The program looks at the files by itself too, at a moment of its own: the file is put in the way, and the reload asked for, until the reload has met it.
        await Bounded.UntilAsync("the reload finds the file in the way", () =>
        {
            Obstruct(certificates);
            program.HangUp();
            Thread.Sleep(100);
            return program.Errors.Contains("the configuration in use stays: a certificate cannot be created in ", StringComparison.Ordinal);
        });
        await using (PlainFtpClient client = await PlainFtpClient.ConnectAsync(address, "alice", "s3cret"))
            await client.SendAsync("AUTH TLS", '2');
        program.Terminate();

        Assert.Equal(0, await program.WaitForExitAsync());
    }

    [Fact]
    public async Task A_first_start_that_fails_makes_no_account_whose_password_nobody_was_told()
    {
        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "serve", "--listen", "127.0.0.1:0", "--cert", "none.pem");
        Assert.Equal(1, code);
        Assert.Contains("zeroftp: tls:certificate: there is no file none.pem (from --cert)", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("created the account", output, StringComparison.Ordinal);

        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0");

        string[] made = (await program.WaitForLineAsync("created the account ")).Split(' ');
        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(await program.WaitForListenerAsync(), made[0], made[4]);
        await client.StoreAsync("/x", "y");
    }

    private static void Obstruct(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
            File.WriteAllText(directory, "in the way");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The program has just written there.
        }
    }

    private async Task AddAccountAsync()
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, "s3cret\n", "user", "add", "alice", "--password-stdin");
        Assert.True(code == 0, errors);
    }

    private static (string? Verb, string? Path, long Bytes, string? Outcome) Transfer(string line)
    {
        JsonElement json = JsonDocument.Parse(line).RootElement;
        return (json.GetProperty("verb").GetString(), json.GetProperty("path").GetString(), json.GetProperty("bytes").GetInt64(), json.GetProperty("outcome").GetString());
    }
}
