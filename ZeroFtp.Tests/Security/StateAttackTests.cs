using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Guards;
using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Protocol.Sessions;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>Verbs where they do not belong, and what a broken transfer leaves.</summary>
public sealed class StateAttackTests
{
    private static readonly Dictionary<string, string[]> States = new(StringComparer.Ordinal)
    {
        ["connected"] = [],
        ["user given"] = ["USER alice"],
        ["account awaited"] = ["USER acme", "PASS secret"],
        ["refused"] = ["USER alice", "PASS wrong"],
        ["logged in"] = ["USER alice", "PASS secret"],
        ["read only"] = ["USER bob", "PASS secret"],
        ["renaming"] = ["USER alice", "PASS secret", "RNFR docs/a.txt"],
        ["copying"] = ["USER alice", "PASS secret", "SITE CPFR docs/a.txt"],
        ["restarting"] = ["USER alice", "PASS secret", "REST 5"],
        ["ranging"] = ["USER alice", "PASS secret", "RANG 1 3"],
        ["passive"] = ["USER alice", "PASS secret", "PASV"],
        ["EPSV ALL"] = ["USER alice", "PASS secret", "EPSV ALL"],
        ["records, deflated"] = ["USER alice", "PASS secret", "TYPE A", "STRU R", "MODE Z"],
        ["reinitialised"] = ["USER alice", "PASS secret", "CWD docs", "REIN"],
    };

    public static TheoryData<string> Names => [.. States.Keys];

    /// <summary>One final reply of a known code, never an internal error, and the session goes on; only QUIT, and TLS, end it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_verb_in_every_state_gets_one_reply_and_breaks_nothing(string state)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = SessionOptions.NoDelay.Limits with { MaxLoginFailuresPerAddress = 0 } });
        bool isLoggedIn = States[state].Contains("PASS secret", StringComparer.Ordinal) && !States[state].Contains("USER acme", StringComparer.Ordinal) && !States[state].Contains("REIN", StringComparer.Ordinal);
        foreach (string verb in Verbs.All.SelectMany(static verb => verb.Aliases.Prepend(verb.Name)))
        {
            foreach (string argument in new[] { "", " ", " x", " docs/a.txt", " \u00FF\u00FF\u00FE\u00FF\u00FF", " " + new string('a', 5000) })
            {
                MemoryClient client = server.Connect();
                await client.ExpectAsync(220);
                foreach (string command in States[state])
                    await client.SendAsync(command);
                string reply = await client.SendAsync(verb + argument);
                int code = int.Parse(reply.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture);
                Assert.Contains(code, ReplyCodes.Known);
                // Where there is a passive port a transfer begins; the client then leaves.
                bool isTransfer = code == 150 && state == "passive";
                Assert.True(isTransfer || code is >= 200 and not 451, $"{state}: {verb}{argument} got {reply}");
                Assert.False(client.HasUnread, $"{state}: {verb}{argument} got more than one reply.");
                if (!isLoggedIn && !LoginFreeVerbs.All.Contains(verb))
                    Assert.True(code is 530 or 502 || (code == 500 && argument.Length > 1000), $"{state}: {verb}{argument} got {reply}");
                if (verb != "QUIT" && code is not (234 or 421 or 150))
                    Assert.StartsWith("200", await client.SendAsync("NOOP"), StringComparison.Ordinal);
                await server.DropAsync(client);
            }
        }
    }

    [Theory]
    [InlineData("USER alice")]
    [InlineData("TYPE A")]
    [InlineData("CWD /")]
    [InlineData("RETR docs/a.txt")]
    [InlineData("PASV")]
    [InlineData("REIN")]
    [InlineData("AUTH TLS")]
    [InlineData("QUIT")]
    public async Task A_verb_during_a_transfer_waits_and_changes_nothing_of_it(string command)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR big.bin", 150);
        await client.WriteAsync(command + "\r\n");
        Assert.False(client.HasUnread);
        Assert.Equal(10 << 20, (await data.ReadToEndAsync()).Length);
        await client.ExpectAsync(226);
        Assert.Matches("^[2-5]", await client.ReadReplyAsync());
    }

    [Theory]
    [InlineData("abort")]
    [InlineData("reset")]
    [InlineData("stall")]
    [InlineData("nobody")]
    public async Task An_interrupted_transfer_leaves_no_state_behind(string how)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        await client.SendAsync("CWD docs", 250);
        foreach (string transfer in new[] { "RETR /big.bin", "STOR /up/x" })
        {
            await client.SendAsync("REST 3", 350);
            DataEnd? data = how == "nobody" ? null : await DataEnd.OpenAsync(client);
            if (data is null)
                await client.SendAsync("EPSV", 229);
            string begun = await client.SendAsync(transfer);
            if (begun.StartsWith('5'))
            {
                // A file that does not exist cannot be continued; then without.
                data = how == "nobody" ? null : await DataEnd.OpenAsync(client);
                if (data is null)
                    await client.SendAsync("EPSV", 229);
                await client.SendAsync(transfer, 150);
            }
            switch (how)
            {
                case "abort":
                    await client.WriteAsync("ABOR\r\n");
                    await client.ExpectAsync(426);
                    await client.ExpectAsync(226);
                    break;
                case "reset":
                    await data!.ResetAsync();
                    await client.ExpectAsync(426);
                    break;
                default:
                    await server.AdvanceAsync(TimeSpan.FromSeconds(how == "stall" ? 302 : 61));
                    Assert.Matches("^42[56]", await client.ReadReplyAsync());
                    break;
            }
            // The port, the marker and the transfer are gone; directory, type and login are not.
            Assert.Equal(0, server.Data.OpenPorts);
            await client.SendAsync("RETR a.txt", 425);
            Assert.Equal("257 \"/docs\" is the current directory.", await client.SendAsync("PWD"));
            DataEnd next = await DataEnd.OpenAsync(client);
            await client.SendAsync("RETR a.txt", 150);
            Assert.Equal("hello\nworld\n", await next.ReadToEndAsync());
            await client.ExpectAsync(226);
        }
    }

    /// <summary>Nothing is opened for writing before the data connection stands.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("nobody")]
    [InlineData("refused")]
    [InlineData("no TLS")]
    public async Task An_upload_without_its_data_connection_leaves_the_old_file(string how)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        if (how == "no TLS")
            await client.AuthTlsAsync(protectData: true);
        await client.LoginAsync();
        client.ProtectsData = false;
        foreach (string upload in new[] { "STOR docs/a.txt", "APPE docs/a.txt" })
        {
            switch (how)
            {
                case "nobody":
                    await client.SendAsync("EPSV", 229);
                    await client.SendAsync(upload, 150);
                    await server.AdvanceAsync(TimeSpan.FromSeconds(61));
                    await client.ExpectAsync(425);
                    break;
                case "refused":
                    await client.SendAsync("PORT 192,0,2,7,156,70", 200);
                    await client.SendAsync(upload, 425);
                    break;
                case "no TLS":
                    DataEnd data = await DataEnd.OpenAsync(client);
                    await client.SendAsync(upload, 150);
                    await data.WriteAsync("this is no handshake");
                    await client.ExpectAsync(522);
                    break;
                default:
                    await client.SendAsync(upload, 425);
                    break;
            }
            Assert.Equal("hello\nworld\n", server.Tree.ReadText("/docs/a.txt"));
        }
    }

    [Theory]
    [InlineData("quota")]
    [InlineData("damaged")]
    [InlineData("cut")]
    public async Task An_upload_that_fails_is_never_answered_226(string how)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync("carol");
        if (how != "quota")
            await client.SendAsync("MODE Z", 200);
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        try
        {
            if (how == "quota")
                await data.SendAsync(new string('x', 5000));
            else if (how == "damaged")
                await data.SendAsync("x\u009Cthis is no zlib stream");
            else
                await data.SendAsync("x\u009CKL");
        }
        catch (IOException)
        {
            // The server breaks it off.
        }
        Assert.Matches("^(426|451|55[0-9])", await client.ReadReplyAsync());
        // What arrived of a cut stream is kept as a part, for resuming; the rest is wrong and kept by nobody.
        Assert.Equal(how == "cut" ? "a"u8.ToArray() : null, server.Tree.ReadFile("/up/x"));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_read_is_never_answered_226()
    {
        await using MemoryServer server = MemoryServer.Create();
        server.Tree.AddDirectory("/closed", mode: 0b011_000_000);
        server.Tree.AddFile("/closed/x", []);
        server.Tree.AddDirectory("/closed", mode: 0b011_000_000);
        MemoryClient client = await server.LoginAsync();
        foreach (string command in new[] { "LIST closed", "NLST closed", "MLSD closed", "LIST nosuch", "MLSD docs/a.txt" })
        {
            DataEnd data = await DataEnd.OpenAsync(client);
            Assert.Matches("^5", await client.SendAsync(command));
            await data.ResetAsync();
        }
    }

    /// <summary>Whatever came of it, a part is not the whole.</summary>
    [Theory]
    [InlineData(0, FtpError.PermissionDenied)]
    [InlineData(0, FtpError.Unavailable)]
    [InlineData(3, FtpError.PermissionDenied)]
    [InlineData(3, FtpError.Unavailable)]
    [InlineData(50_000, FtpError.Unavailable)]
    public async Task A_directory_whose_reading_breaks_off_is_never_answered_226(int entries, FtpError error)
    {
        await using MemoryServer server = new(new BreakingDirectory(entries, error));
        MemoryClient client = await server.LoginAsync();
        foreach (string command in new[] { "LIST", "LIST -t", "LIST -R", "NLST", "MLSD", "MODE Z|LIST" })
        {
            if (command.StartsWith("MODE", StringComparison.Ordinal))
                await client.SendAsync("MODE Z", 200);
            DataEnd data = await DataEnd.OpenAsync(client);
            string reply = await client.SendAsync(command[(command.IndexOf('|', StringComparison.Ordinal) + 1)..]);
            if (entries > 0)
                Assert.StartsWith("150", reply, StringComparison.Ordinal);
            if (reply.StartsWith('1'))
            {
                await Record.ExceptionAsync(() => data.ReadToEndAsync());
                reply = await client.ReadReplyAsync();
            }
            Assert.Matches("^(451|550)", reply);
            await data.ResetAsync();
        }
        // What has begun as a listing can only say that it was cut short.
        string stat = await client.SendAsync("STAT /");
        if (entries > 1000)
            Assert.EndsWith("\n212 End of listing, which was cut short.", stat, StringComparison.Ordinal);
        else
            Assert.Matches("^(450|451|550)", stat);
    }

    /// <summary>Every word of SITE with too little and too much behind it.</summary>
    [Fact]
    public async Task No_word_of_SITE_fails_for_want_of_an_argument()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync("root");
        foreach (string word in new[] { "CHMOD", "CPFR", "CPTO", "HELP", "IDLE", "KICK", "MKDIR", "QUOTA", "RMDIR", "SYMLINK", "UMASK", "UTIME", "WHO", "ZONE", "EXEC", "PSWD", "" })
        {
            foreach (string argument in new[] { "", " ", " 644", " x", " x y", " x y z", "  ", " \"", " 644 ", " 644  ", " 99999999999999999999 x", " x 1 2 3 UTC", " UTC" })
            {
                string reply = await client.SendAsync($"SITE {word}{argument}");
                Assert.Matches("^(2|3|5)", reply);
                Assert.False(client.HasUnread);
            }
        }
    }
}
