using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>Cross-protocol reflection: before the login no reply repeats anything that was sent, in clear or under TLS, since it may be a browser's or another server's client that was made to send it.</summary>
public sealed class ReflectionTests
{
    private const string Marker = "x5c8rIpt";

    private static readonly FtpServerOptions Options = new()
    {
        Limits = new FtpLimitOptions { MaxLoginFailures = 0, MaxUnknownVerbsBeforeLogin = 0 },
        HostNames = ["ftp.example.com"],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_reply_before_the_login_repeats_what_was_sent(bool underTls)
    {
        await using MemoryServer server = MemoryServer.Create(Options);
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        if (underTls)
            await client.AuthTlsAsync();
        foreach (string line in Lines())
        {
            string reply = await client.SendAsync(line);
            Assert.DoesNotContain(Marker, reply, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("7317", reply, StringComparison.Ordinal);
        }
    }

    /// <summary>A driver that fails in any way brings no argument into the reply either.</summary>
    [Theory]
    [InlineData(FtpError.NotFound)]
    [InlineData(FtpError.PermissionDenied)]
    [InlineData(FtpError.Busy)]
    public async Task No_failure_of_the_driver_repeats_what_was_sent(FtpError error)
    {
        AskedDriver driver = new(MemoryServer.CreateDriver(TimeProvider.System)) { BeforeAnswer = _ => throw new FtpDriverException(error) };
        await using MemoryServer server = new(driver, Options);
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        Assert.DoesNotContain(Marker, await client.SendAsync($"USER {Marker}"), StringComparison.OrdinalIgnoreCase);
        driver.BeforeAnswer = request => request.Password is null ? Task.CompletedTask : throw new FtpDriverException(error);
        await client.SendAsync($"USER {Marker}", 331);
        Assert.DoesNotContain(Marker, await client.SendAsync($"PASS {Marker}"), StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Lines()
    {
        foreach (string word in new[] { Marker, Marker + " a b", "SITE" + Marker, "US" + Marker, $"<{Marker}>", new string('a', 9_000) + Marker, $"{Marker}\u0001" })
            yield return word;
        foreach (Verb verb in Verbs.All)
        {
            // These end the session or begin TLS if they are right, which none of the arguments is.
            if (verb.Name is "QUIT" or "REIN")
                continue;
            foreach (string argument in new[] { Marker, $" {Marker}", $"<{Marker}>", $"[{Marker}]", $"{Marker}.example.com", $"/{Marker}", "7317", $"en-{Marker}", $"TLS {Marker}", $"UTF8 {Marker}", $"MLST {Marker};", $"HASH {Marker}", $"Name={Marker}; Version=7317;", $"|1|{Marker}|7317|", "73,17,7,3,1,7" })
                yield return $"{verb.Name} {argument}";
        }
        yield return "HOST [7317::1]";
        yield return "HOST 73.17.73.17";
    }
}
