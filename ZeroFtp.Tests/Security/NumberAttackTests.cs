using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>Numbers that overflow, or are none.</summary>
public sealed class NumberAttackTests
{
    private static readonly string[] Large =
    [
        "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775806", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999999999999",
        new string('9', 4000),
    ];

    private static readonly string[] NoNumbers = ["-1", "-5", "+1", "0x10", "1e3", "1.0", "1,000", "\u00D9\u00A1", "\u00EF\u00BC\u0091", "NaN", "1 1 1", "--1", "\t1"];

    public static TheoryData<string> Commands =>
    [
        "REST {0}", "RANG 0 {0}", "RANG {0} {0}", "RANG {0} 0", "ALLO {0}", "ALLO 1 R {0}", "ALLO {0} R 1", "PORT 192,0,2,7,{0},65", "PORT 192,0,2,7,156,{0}", "PORT {0},0,2,7,156,65", "EPRT |1|192.0.2.7|{0}|", "EPRT |{0}|192.0.2.7|40001|",
        "EPSV {0}", "TYPE L {0}", "OPTS MODE Z LEVEL {0}", "SITE IDLE {0}", "SITE UMASK {0}", "SITE KICK {0}", "SITE CHMOD {0} up", "PBSZ {0}", "AVBL {0}", "XCRC docs/a.txt {0}", "XCRC docs/a.txt 0 {0}", "XCRC docs/a.txt {0} 1", "MFMT {0} docs/a.txt",
        "MDTM {0} docs/a.txt", "SITE UTIME {0} docs/a.txt", "ADAT {0}", "STAT {0}", "LANG {0}", "LPRT {0}",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task No_number_overflows(string command)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        foreach (string number in Large.Concat(NoNumbers))
        {
            string reply = await client.SendAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, command, number));
            Assert.Matches("^[2-5]", reply);
            Assert.DoesNotMatch("^451", reply);
            Assert.False(client.HasUnread);
            // Whatever was taken is still harmless.
            DataEnd data = await DataEnd.OpenAsync(client);
            string begun = await client.SendAsync("RETR docs/a.txt");
            Assert.Matches("^(150|55[0-9])", begun);
            if (begun.StartsWith('1'))
            {
                Assert.InRange((await data.ReadToEndAsync()).Length, 0, 14);
                await client.ExpectAsync(226);
            }
            else
            {
                await data.ResetAsync();
            }
            await client.SendAsync("TYPE I");
        }
        Assert.Equal("hello\nworld\n", server.Tree.ReadText("/docs/a.txt"));
    }

    [Fact]
    public async Task A_negative_or_overflowing_restart_is_refused_and_not_remembered()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        foreach (string bad in NoNumbers.Concat(Large.Skip(6)))
            Assert.Equal("501 REST requires a byte offset.", await client.SendAsync("REST " + bad));
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR docs/a.txt", 150);
        Assert.Equal("hello\nworld\n", await data.ReadToEndAsync());
        await client.ExpectAsync(226);
    }

    [Theory]
    [InlineData("REST 9223372036854775807", "STOR up/x")]
    [InlineData("REST 9223372036854775807", "APPE up/x")]
    [InlineData("REST 4294967296", "STOR docs/a.txt")]
    [InlineData("RANG 4294967296 4294967300", "STOR docs/a.txt")]
    [InlineData("RANG 9223372036854775806 9223372036854775807", "STOR docs/a.txt")]
    public async Task An_upload_far_beyond_the_end_is_refused_and_allocates_nothing(string marker, string upload)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        await client.SendAsync(marker, 350);
        DataEnd data = await DataEnd.OpenAsync(client);
        string reply = await client.SendAsync(upload);
        if (reply.StartsWith('1'))
        {
            await data.SendAsync("x");
            reply = await client.ReadReplyAsync();
        }
        Assert.Matches("^5", reply);
        Assert.Null(server.Tree.ReadFile("/up/x"));
        Assert.Equal("hello\nworld\n", server.Tree.ReadText("/docs/a.txt"));
        await data.ResetAsync();
    }

    /// <summary>An offset that is cut to 32 bits would be within the file.</summary>
    [Theory]
    [InlineData("REST 4294967297", 554, "")]
    [InlineData("RANG 4294967297 4294967300", 150, "")]
    [InlineData("RANG 1 4294967297", 150, "ello\nworld\n")]
    public async Task A_download_far_beyond_the_end_is_none(string marker, int begins, string expected)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        await client.SendAsync(marker, 350);
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR docs/a.txt", begins);
        if (begins != 150)
        {
            await data.ResetAsync();
            return;
        }
        Assert.Equal(expected, await data.ReadToEndAsync());
        await client.ExpectAsync(226);
    }

    /// <summary>The length of the greatest range is one too many for its type.</summary>
    [Fact]
    public async Task The_greatest_range_is_the_whole_file()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        await client.SendAsync("RANG 0 9223372036854775807", 350);
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR docs/a.txt", 150);
        Assert.Equal("hello\nworld\n", await data.ReadToEndAsync());
        await client.ExpectAsync(226);
    }
}
