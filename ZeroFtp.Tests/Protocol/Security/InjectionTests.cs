using System.Text;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Security;

/// <summary>Clear text around the beginning and the end of TLS is never taken for protected text, wherever the segments are cut.</summary>
public sealed class InjectionTests
{
    private const string Attack = "AUTH TLS\r\nUSER alice\r\nPASS secret\r\n";

    [Fact]
    public async Task Clear_commands_behind_AUTH_never_run()
    {
        await using MemoryServer server = MemoryServer.Create();
        for (int cut = 1; cut <= Attack.Length; cut++)
        {
            MemoryClient client = server.Connect();
            await client.ExpectAsync(220);
            await client.WriteAsync(Attack[..cut]);
            if (cut < Attack.Length)
                await TryWriteAsync(client, Attack[cut..]);
            string said = await ReadAllAsync(client);
            Assert.StartsWith("234 Proceed with TLS negotiation.\r\n", said, StringComparison.Ordinal);
            Assert.DoesNotContain("331", said, StringComparison.Ordinal);
            Assert.True(client.Serving.IsCompleted);
        }
    }

    /// <summary>The beginning of a command that was sent in clear is not completed by what comes under TLS, and whole commands do not wait for it.</summary>
    [Fact]
    public async Task A_half_command_behind_AUTH_refuses_the_handshake()
    {
        const string Commands = "USER alice\r\nNOOP\r\n";
        await using MemoryServer server = MemoryServer.Create();
        for (int length = 1; length <= Commands.Length; length++)
        {
            MemoryClient client = server.Connect();
            await client.ExpectAsync(220);
            await client.WriteAsync("AUTH TLS\r\n" + Commands[..length]);
            await client.ExpectAsync(234);
            await Assert.ThrowsAnyAsync<Exception>(() => client.SecureAsync());
            Assert.Null(client.Tls);
        }
    }

    /// <summary>What was sent under TLS behind CCC is not run in clear.</summary>
    [Theory]
    [InlineData("CCC")]
    [InlineData("REIN")]
    public async Task Protected_commands_behind_the_end_of_TLS_end_the_session(string verb)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Tls = new FtpTlsOptions { AllowCcc = true } });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync();
        await client.LoginAsync();
        await client.WriteAsync($"{verb}\r\nMKD up/smuggled\r\n");
        await client.ReadReplyAsync();
        await client.Serving.WaitAsync(MemoryServer.Patience, TestContext.Current.CancellationToken);
        MemoryClient other = await server.LoginAsync();
        await other.SendAsync("CWD up/smuggled", 550);
    }

    /// <summary>Nor if it waited for the end of a transfer together with the verb; and what was begun under TLS is not completed in clear.</summary>
    [Theory]
    [InlineData("CCC", "MKD up/smuggled\r\n", "NOOP\r\n")]
    [InlineData("CCC", "MKD up/smug", "gled\r\n")]
    [InlineData("CCC", "\r", "\nNOOP\r\n")]
    [InlineData("REIN", "USER alice\r\nPASS secret\r\nMKD up/smuggled\r\n", "NOOP\r\n")]
    [InlineData("REIN", "USER al", "ice\r\n")]
    public async Task Protected_commands_that_waited_behind_the_end_of_TLS_end_the_session(string verb, string behind, string inClear)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Tls = new FtpTlsOptions { AllowCcc = true } });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync();
        await client.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        await client.WriteAsync($"{verb}\r\n{behind}");
        await data.SendAsync("x");
        await client.ExpectAsync(226);
        await client.ExpectAsync(verb == "CCC" ? 200 : 220);
        try
        {
            await client.ReturnToClearAsync();
        }
        catch (IOException)
        {
            // The server has closed already.
            return;
        }
        await TryWriteAsync(client, inClear);
        await client.ExpectEndAsync();
    }

    /// <summary>The read that went on beside the transfer is one of TLS: the client's close_notify, which comes the moment it is told, is not the end of the connection.</summary>
    [Theory]
    [InlineData("CCC", "200 ")]
    [InlineData("REIN", "220 ")]
    public async Task The_end_of_TLS_may_wait_for_a_transfer(string verb, string reply)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Tls = new FtpTlsOptions { AllowCcc = true } });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync();
        await client.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        await client.WriteAsync($"{verb}\r\n");
        Task ending = Task.Run(async () =>
        {
            byte[] buffer = new byte[4096];
            string said = "";
            while (!said.Contains(reply, StringComparison.Ordinal) && await client.Tls!.ReadAsync(buffer.AsMemory()) is > 0 and var count)
                said += Encoding.Latin1.GetString(buffer, 0, count);
            await client.Tls!.ShutdownAsync();
        }, TestContext.Current.CancellationToken);
        await data.SendAsync("x");
        await ending.WaitAsync(MemoryServer.Patience, TestContext.Current.CancellationToken);
        await client.ReturnToClearAsync(politely: false);
        await client.SendAsync("NOOP", 200);
    }

    [Fact]
    public async Task Clear_commands_that_follow_close_notify_at_once_are_read_in_clear()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Tls = new FtpTlsOptions { AllowCcc = true } });
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync();
        await client.LoginAsync();
        await client.SendAsync("CCC", 200);
        await client.ReturnToClearAsync();
        await client.WriteAsync("NOOP\r\nPWD\r\n");
        await client.ExpectAsync(200);
        await client.ExpectAsync(257);
    }

    private static async Task TryWriteAsync(MemoryClient client, string text)
    {
        try
        {
            await client.WriteAsync(text);
        }
        catch (IOException)
        {
            // The server has closed already.
        }
    }

    private static async Task<string> ReadAllAsync(MemoryClient client)
    {
        StringBuilder said = new();
        byte[] buffer = new byte[4096];
        while (await client.Transport.ReadAsync(buffer.AsMemory()).AsTask().WaitAsync(MemoryServer.Patience) is > 0 and var count)
            said.Append(Encoding.Latin1.GetString(buffer, 0, count));
        await client.Serving.WaitAsync(MemoryServer.Patience);
        return said.ToString();
    }
}
