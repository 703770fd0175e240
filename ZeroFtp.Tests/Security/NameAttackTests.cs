using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Sessions;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>Names as weapons: ends of lines in them, and names that must not come to be.</summary>
public sealed class NameAttackTests
{
    private static readonly string[] Hostile = ["a\r\n226 Transfer complete.", "b\nsize=1; forged", "c\r", "d\0e", "e\u001B[2J", "f\u0085g", "-rw-r--r-- 1 ftp ftp 0 Jan  1  2020 forged", "250 end"];

    [Fact]
    public async Task Hostile_names_in_a_store_break_neither_replies_nor_listings()
    {
        await using MemoryServer server = MemoryServer.Create();
        server.Tree.AddDirectory("/hostile");
        foreach (string name in Hostile.Where(static name => !name.Contains('\0', StringComparison.Ordinal)))
            server.Tree.AddFile("/hostile/" + name, "x"u8);
        server.Tree.AddDirectory("/hostile/dir\r\n257 \"/forged\"");
        MemoryClient client = await server.LoginAsync();
        foreach (string command in new[] { "LIST hostile", "LIST -R hostile", "NLST hostile", "NLST hostile/*", "MLSD hostile" })
        {
            DataEnd data = await DataEnd.OpenAsync(client);
            await client.SendAsync(command, 150);
            string listing = await data.ReadToEndAsync();
            await client.ExpectAsync(226);
            Assert.DoesNotContain(listing.Split("\r\n").SelectMany(static line => line), static c => c is '\r' or '\n' or '\0');
            Assert.DoesNotContain(listing.Split("\r\n"), static line => line.StartsWith("226", StringComparison.Ordinal) || line.StartsWith("size=1", StringComparison.Ordinal) || line.StartsWith("257", StringComparison.Ordinal));
        }
        string status = await client.SendAsync("STAT hostile");
        Assert.All(status.Split('\n').Skip(1).SkipLast(1), static line => Assert.DoesNotContain(line[..1], "0123456789"));
        Assert.DoesNotContain(status, static c => c != '\n' && char.IsControl(c) && c < 0x80);
    }

    /// <summary>What a client puts into an argument comes back in the reply, and never as a line of its own.</summary>
    [Theory]
    [InlineData("CWD {0}")]
    [InlineData("RETR {0}")]
    [InlineData("DELE {0}")]
    [InlineData("MKD {0}")]
    [InlineData("RNFR {0}")]
    [InlineData("SIZE {0}")]
    [InlineData("MLST {0}")]
    [InlineData("STAT {0}")]
    [InlineData("USER {0}")]
    [InlineData("AUTH {0}")]
    [InlineData("TYPE {0}")]
    [InlineData("HELP {0}")]
    [InlineData("OPTS {0}")]
    [InlineData("SITE {0}")]
    [InlineData("CLNT {0}")]
    [InlineData("HOST {0}")]
    [InlineData("{0}")]
    public async Task An_argument_cannot_forge_a_reply_or_a_line_of_the_log(string command)
    {
        Lines log = new();
        await using MemoryServer server = MemoryServer.Create(SessionOptions.NoDelay, logger: log);
        foreach (string attack in new[] { "x\r\0\n226 forged", "x\r\0226 forged", "x\u001B[31m", "x\u0001y", "x\u007Fy" })
        {
            MemoryClient client = await server.LoginAsync();
            await client.WriteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, command, attack) + "\r\n");
            string reply = await client.ReadReplyAsync();
            // A path that is told must lead back, so 257 and MLST keep what a name may contain.
            if (!reply.StartsWith("257", StringComparison.Ordinal) && !reply.StartsWith("250-Listing", StringComparison.Ordinal))
                Assert.DoesNotContain(reply, static c => c != '\n' && char.IsControl(c) && c < 0x80);
            Assert.DoesNotContain(reply.TrimEnd('\n'), static c => c is '\r' or '\0');
            Assert.DoesNotContain(reply.Split('\n'), static line => line.StartsWith("226", StringComparison.Ordinal));
            Assert.False(client.HasUnread);
            Assert.StartsWith("200", await client.SendAsync("NOOP"), StringComparison.Ordinal);
        }
        Assert.NotEmpty(log.All);
        Assert.DoesNotContain(log.All, static line => line.Any(static c => char.IsControl(c)));
    }

    [Fact]
    public async Task A_path_with_control_characters_is_told_as_it_is()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        string made = await client.SendAsync("MKD up/\u0001b", 257);
        Assert.Contains("\"/up/\u0001b\"", made, StringComparison.Ordinal);
        Assert.Contains("/up/\u0001b", await client.SendAsync("CWD up/\u0001b", 250), StringComparison.Ordinal);
        Assert.Contains("\"/up/\u0001b\"", await client.SendAsync("PWD", 257), StringComparison.Ordinal);
        Assert.Contains("/up/\u0001b", await client.SendAsync("MLST", 250), StringComparison.Ordinal);
        Assert.Contains("?x", await client.SendAsync("DELE \u0001x", 550), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_password_reaches_the_log()
    {
        Lines log = new();
        await using MemoryServer server = MemoryServer.Create(SessionOptions.NoDelay, logger: log);
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.SendAsync("USER acme", 331);
        await client.SendAsync("pAsS secret", 332);
        await client.SendAsync("AcCt proj1", 230);
        await client.SendAsync("PASS otherword", 503);
        Assert.Contains(log.All, static line => line.Contains("PASS ***", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, static line => line.Contains("secret", StringComparison.Ordinal) || line.Contains("proj1", StringComparison.Ordinal) || line.Contains("otherword", StringComparison.Ordinal));
    }

    /// <summary>A name that the operator denies comes to be by no verb.</summary>
    [Theory]
    [InlineData("MKD up/bad.exe")]
    [InlineData("RNFR bin.dat|RNTO up/bad.exe")]
    [InlineData("SITE CPFR bin.dat|SITE CPTO up/bad.exe")]
    [InlineData("COMB \"up/bad.exe\" \"docs/a.txt\" \"bin.dat\"")]
    [InlineData("SITE MKDIR up/bad.exe/d")]
    [InlineData("SITE SYMLINK bin.dat up/bad.exe")]
    [InlineData("STOR up/bad.exe")]
    [InlineData("APPE up/bad.exe")]
    [InlineData("STOU up/bad.exe")]
    [InlineData("REST 1|STOR up/bad.exe")]
    public async Task A_denied_name_comes_to_be_by_no_verb(string commands)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Features = new FtpFeatureOptions { DeniedNames = ["*.exe"] } });
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        string reply = "";
        foreach (string command in commands.Split('|'))
            reply = await client.SendAsync(command);
        Assert.StartsWith("553", reply, StringComparison.Ordinal);
        MemoryDriver driver = new(server.Tree);
        Assert.Null(await driver.GetFileInfoAsync(FtpPath.Parse("/up/bad.exe"), TestContext.Current.CancellationToken));
        Assert.NotNull(server.Tree.ReadFile("/bin.dat"));
        Assert.NotNull(server.Tree.ReadFile("/docs/a.txt"));
        await data.ResetAsync();
    }

    private sealed class Lines : ILogger<FtpServer>
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add(formatter(state, exception));
        }
    }
}
