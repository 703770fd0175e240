using System.Net;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Security;

/// <summary>Guesses at passwords from one address: over connections side by side, and between logins that are right. A connection ends with its third failure, an address is barred with the sixth.</summary>
public sealed class GuessingAttackTests
{
    private static readonly FtpServerOptions Options = new()
    {
        Limits = new FtpLimitOptions { LoginDelay = TimeSpan.Zero, MaxLoginDelay = TimeSpan.Zero, MaxLoginFailures = 3, MaxLoginFailuresPerAddress = 6 },
    };

    [Theory]
    [InlineData("USER alice:331", "PASS secret")]
    [InlineData("USER alice:331", "PASS wrong")]
    [InlineData("USER acme:331|PASS secret:332", "ACCT proj1")]
    [InlineData("USER storer:331|PASS secret:230", "ACCT proj2")]
    public async Task A_connection_from_before_the_bar_is_shown_out_without_a_look_at_what_it_gives(string before, string last)
    {
        await using MemoryServer server = Create(out AskedDriver driver);
        MemoryClient early = server.Connect();
        await early.ExpectAsync(220);
        foreach (string[] step in before.Split('|').Select(static step => step.Split(':')))
            Assert.StartsWith(step[1], await early.SendAsync(step[0]), StringComparison.Ordinal);
        await GuessUntilBarredAsync(server);
        int asked = driver.Passwords;

        await early.SendAsync(last, 421);

        await early.ExpectEndAsync();
        Assert.Equal(asked, driver.Passwords);
    }

    /// <summary>The comparison may have begun before the bar; its result must not be told after it, or guesses side by side would have no limit.</summary>
    [Theory]
    [InlineData("alice", "secret")]
    [InlineData("acme", "secret")]
    [InlineData("alice", "slow guess")]
    public async Task What_is_found_right_behind_the_bar_is_not_told_from_what_is_wrong(string user, string password)
    {
        await using MemoryServer server = Create(out AskedDriver driver);
        TaskCompletionSource compared = new(TaskCreationOptions.RunContinuationsAsynchronously), tell = new(TaskCreationOptions.RunContinuationsAsynchronously);
        driver.BeforeAnswer = request =>
        {
            if (request.Password != password)
                return Task.CompletedTask;
            compared.TrySetResult();
            return tell.Task;
        };
        MemoryClient early = server.Connect();
        await early.ExpectAsync(220);
        await early.SendAsync($"USER {user}", 331);
        await early.WriteAsync($"PASS {password}\r\n");
        await server.WaitAsync(compared.Task);
        await GuessUntilBarredAsync(server);

        tell.SetResult();

        Assert.Equal("421 Too many login failures, closing control connection.", await early.ReadReplyAsync());
        await early.ExpectEndAsync();
    }

    /// <summary>A password that waits to be judged is given up when nobody will hear the result.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_still_to_be_judged_is_given_up_when_its_client_is_barred_or_gone(bool isBarred)
    {
        await using MemoryServer server = Create(out AskedDriver driver);
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously), givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        driver.BeforePassword = async (request, token) =>
        {
            if (request.Password != "waits")
                return;
            asked.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
            finally
            {
                givenUp.TrySetResult();
            }
        };
        MemoryClient early = server.Connect();
        await early.ExpectAsync(220);
        await early.SendAsync("USER alice", 331);
        await early.WriteAsync("PASS waits\r\n");
        await server.WaitAsync(asked.Task);

        if (isBarred)
            await GuessUntilBarredAsync(server);
        else
            await early.DisposeAsync();

        await server.WaitAsync(givenUp.Task);
        if (isBarred)
        {
            await early.ExpectAsync(421);
            await early.ExpectEndAsync();
        }
        await server.WaitAsync(early.Serving);
    }

    /// <summary>Twenty addresses guess at one name, thrice each; from then on its logins take turns, but not from where it has logged in.</summary>
    [Fact]
    public async Task Guesses_at_one_name_from_many_addresses_are_slowed_down_and_the_owner_is_not()
    {
        FakeTimeProvider clock = new(MemoryServer.Start);
        AskedDriver driver = new(MemoryServer.CreateDriver(clock));
        await using MemoryServer server = new(driver, new FtpServerOptions
        {
            Limits = new FtpLimitOptions { LoginDelay = TimeSpan.Zero, MaxLoginFailures = 3, MaxLoginFailuresPerUser = 60 },
        }, clock);
        IPAddress home = IPAddress.Parse("198.51.100.7");
        await server.DropAsync(await server.LoginAsync("alice", home));
        for (byte i = 0; i < 20; i++)
        {
            MemoryClient client = server.Connect(new IPAddress([10, 0, 0, i]));
            await client.ExpectAsync(220);
            await GuessAsync(client, "alice", 530);
            await GuessAsync(client, "alice", 530);
            await GuessAsync(client, "alice", 421);
        }
        int asked = driver.Passwords;
        MemoryClient[] strangers = [.. Enumerable.Range(100, 4).Select(i => server.Connect(new IPAddress([10, 0, 0, (byte)i])))];
        foreach (MemoryClient stranger in strangers)
        {
            await stranger.ExpectAsync(220);
            await stranger.SendAsync("USER alice", 331);
        }
        await strangers[0].SendAsync("PASS guess", 530);
        await strangers[1].WriteAsync("PASS guess\r\n");
        await strangers[2].WriteAsync("PASS guess\r\n");
        await server.LoginAsync("alice", home);
        await server.LoginAsync("bob", new IPAddress([10, 0, 0, 200]));
        await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(asked + 3, driver.Passwords);
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        await strangers[1].ExpectAsync(530);
        await server.AdvanceAsync(TimeSpan.FromSeconds(10));
        await strangers[2].ExpectAsync(530);
    }

    [Fact]
    public async Task A_login_of_ones_own_buys_no_further_guesses_at_anothers_password()
    {
        await using MemoryServer server = Create(out _);
        for (int connection = 0; connection < 2; connection++)
        {
            MemoryClient client = server.Connect();
            await client.ExpectAsync(220);
            await GuessAsync(client, "alice", 530);
            await GuessAsync(client, "bob", 530);
            await client.LoginAsync("bob");
            await GuessAsync(client, "alice", 530);
            await client.LoginAsync("bob");
            await GuessAsync(client, "alice", 421);
            await client.ExpectEndAsync();
        }
        await server.Connect().ExpectAsync(421);
    }

    [Fact]
    public async Task A_login_buys_no_further_guesses_at_the_account_for_storing()
    {
        await using MemoryServer server = Create(out _);
        for (int attempt = 0; attempt < 6; attempt += 3)
        {
            MemoryClient client = server.Connect();
            await client.ExpectAsync(220);
            foreach (int code in new[] { 530, 530, 421 })
            {
                await client.LoginAsync("storer");
                await client.SendAsync("ACCT guess", code);
            }
            await client.ExpectEndAsync();
        }
        await server.Connect().ExpectAsync(421);
    }

    [Fact]
    public async Task Ones_own_typing_errors_are_forgiven()
    {
        await using MemoryServer server = Create(out _);
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        for (int i = 0; i < 8; i++)
        {
            await GuessAsync(client, "alice", 530);
            await GuessAsync(client, "alice", 530);
            await client.LoginAsync("alice");
        }
        await server.Connect().ExpectAsync(220);
    }

    private static MemoryServer Create(out AskedDriver driver)
    {
        FakeTimeProvider clock = new(MemoryServer.Start);
        driver = new AskedDriver(MemoryServer.CreateDriver(clock));
        return new MemoryServer(driver, Options, clock);
    }

    private static async Task GuessUntilBarredAsync(MemoryServer server)
    {
        for (int i = 0; i < 6; i++)
        {
            MemoryClient client = server.Connect();
            await client.ExpectAsync(220);
            await GuessAsync(client, "alice", 530);
        }
        await server.Connect().ExpectAsync(421);
    }

    private static async Task GuessAsync(MemoryClient client, string user, int code)
    {
        await client.SendAsync($"USER {user}", 331);
        await client.SendAsync("PASS guess", code);
    }
}
