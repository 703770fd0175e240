using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Suite;

/// <summary>What the program logs at its most talkative, on standard error and in the log of transfers.</summary>
public sealed class LogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>ROB-6.</summary>
    [Fact]
    public async Task Neither_passwords_nor_accounts_are_logged()
    {
        await AddAccountAsync("alice", "right-w0rd", "--account-code", "right-c0de");
        string[] log = await TalkAsync(
            "USER alice", "PASS right-w0rd", "ACCT right-c0de", "PWD",
            "USER alice", "PASS wrong-w0rd",
            "USER alice", "pass  right-w0rd ", "ACCT wrong-c0de",
            "USER alice", "PASS right-w0rd", "ACCT wrong-c0de",
            "ACCT stray-c0de", "PASS stray-w0rd",
            "\u00ff\u00f4PA\u00ff\u00f1SS telnet-w0rd", "PASS\tstray-w0rd", "PASSstray-w0rd", " PASS stray-w0rd",
            "QUIT");

        Assert.Contains(log, static line => line.Contains("alice", StringComparison.Ordinal));
        Assert.DoesNotContain(log, static line => line.Contains("-w0rd", StringComparison.Ordinal) || line.Contains("-c0de", StringComparison.Ordinal));
    }

    /// <summary>ROB-7.</summary>
    [Fact]
    public async Task What_clients_send_cannot_forge_a_line_of_a_log()
    {
        await AddAccountAsync("alice", "s3cret");
        string[] log = await TalkAsync(
            "USER x\r\02026-01-01 00:00:00.000Z info forged", "PASS y", "USER a\u001b[31mb\u0007c\u0085d\u009b2Je\u007f", "PASS y", "CLNT c\u001b[0m\u0008\u0008",
            "USER alice", "PASS s3cret", "HASH n\u001bo", "MKD d\u001b[2J", "SITE CHMOD 600 \u0001", "RNFR d\u001b[2J", "RNTO e\u0007x", "CWD e\u0007x", "DELE \r\0forged", "FO\u001bO b\u0007r",
            "STOR f\u001b]0;forged\u0007", "QUIT");

        Assert.NotEmpty(log);
        Assert.DoesNotContain(log, static line => line.Any(char.IsControl));
        Assert.DoesNotContain(log, static line => line.StartsWith("forged", StringComparison.Ordinal) || line.EndsWith("Z info forged", StringComparison.Ordinal) && line.StartsWith("2026-01-01", StringComparison.Ordinal));
        string[] transfers = File.ReadAllLines(Path.Combine(_directory.Path, "zeroftp-data", "log", "transfers.log"));
        Assert.Equal("/e\u0007x/f\u001b]0;forged\u0007", JsonDocument.Parse(Assert.Single(transfers)).RootElement.GetProperty("path").GetString());
        Assert.DoesNotContain(transfers[0], char.IsControl);
    }

    /// <summary>Sends each command (one octet a character) and reads its reply; a STOR gets a data connection. Gives the lines of the log, from which the colours of no terminal are missing.</summary>
    private async Task<string[]> TalkAsync(params string[] commands)
    {
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0", "--no-login-limits", "--set", "log:level=trace", "--set", "limits:maxUnknownVerbsBeforeLogin=0");
        IPEndPoint address = await program.WaitForListenerAsync();
        using TcpClient control = new();
        await control.ConnectAsync(address, TestContext.Current.CancellationToken);
        using StreamReader reader = new(control.GetStream(), Encoding.Latin1);
        await ReadAsync(reader);
        foreach (string command in commands)
        {
            if (command.StartsWith("STOR", StringComparison.Ordinal))
            {
                await control.GetStream().WriteAsync("EPSV\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
                string reply = await ReadAsync(reader);
                using TcpClient data = new();
                await data.ConnectAsync(address.Address, int.Parse(reply.Split('|')[3], System.Globalization.CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
                await control.GetStream().WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n"), TestContext.Current.CancellationToken);
                await ReadAsync(reader);
            }
            else
            {
                await control.GetStream().WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n"), TestContext.Current.CancellationToken);
            }
            await ReadAsync(reader);
        }
        program.Terminate();
        Assert.Equal(0, await program.WaitForExitAsync());
        return program.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        string line;
        do
            line = await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new IOException("The server closed the connection.");
        while (line.Length < 4 || !char.IsAsciiDigit(line[0]) || line[3] != ' ');
        return line;
    }

    private async Task AddAccountAsync(string name, string password, params string[] options)
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, password + "\n", ["user", "add", name, "--password-stdin", .. options]);
        Assert.True(code == 0, errors);
    }
}
