using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Storage.Accounts;

/// <summary>What rules of directories mean to a client, over the embedded store.</summary>
public sealed class DirectoryRuleTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private EmbeddedStorage _storage = null!;
    private MemoryServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        FakeTimeProvider clock = new(MemoryServer.Start);
        StorageOptions options = new() { DataDirectory = _directory.Path, Durability = Durability.Relaxed, FreeSpaceFloorBytes = 0, Passwords = new PasswordOptions { Pbkdf2Iterations = 1_000 } };
        _storage = await EmbeddedStorage.OpenAsync(options, timeProvider: clock, cancellationToken: Token);
        await _storage.Accounts.AddAsync(new Account { Name = "alice", Home = "/" }, "secret", Token);
        await _storage.Accounts.AddAsync(
            new Account
            {
                Name = "bob",
                Home = "/",
                Rules =
                [
                    new DirectoryRule("/incoming", FtpPermissions.Write | FtpPermissions.MakeDirectory),
                    new DirectoryRule("/none", FtpPermissions.None),
                    new DirectoryRule("/fetch", FtpPermissions.Read),
                    new DirectoryRule("/look", FtpPermissions.List),
                ],
            },
            "secret",
            Token);
        _server = new MemoryServer(_storage.Driver, clock: clock);
        MemoryClient alice = await _server.LoginAsync();
        foreach (string path in (string[])["incoming/f", "none/f", "fetch/f", "look/f", "free"])
            await StoreAsync(alice, path);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _storage.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("SIZE f", 550, 550, 213, 213)]
    [InlineData("MDTM f", 550, 550, 213, 213)]
    [InlineData("MLST f", 550, 550, 550, 250)]
    [InlineData("STAT f", 550, 550, 550, 213)]
    [InlineData("RNFR f", 550, 550, 550, 550)]
    [InlineData("SITE CPFR f", 550, 550, 350, 550)]
    [InlineData("XCRC f", 550, 550, 250, 550)]
    public async Task Nobody_learns_of_a_file_what_the_rule_of_its_directory_forbids(string command, int incoming, int none, int fetch, int look)
    {
        MemoryClient bob = await _server.LoginAsync("bob");
        string verb = command[..^1];
        await bob.SendAsync(verb + "incoming/f", incoming);
        await bob.SendAsync(verb + "none/f", none);
        await bob.SendAsync(verb + "fetch/f", fetch);
        await bob.SendAsync(verb + "look/f", look);
        Assert.Matches("^(2|350)", await bob.SendAsync(verb + "free"));
    }

    [Theory]
    [InlineData("LIST")]
    [InlineData("NLST")]
    public async Task A_file_that_may_not_be_looked_at_is_not_listed_by_its_name_either(string verb)
    {
        MemoryClient bob = await _server.LoginAsync("bob");
        foreach (string path in (string[])["incoming/f", "none/f", "fetch/f"])
        {
            await bob.SendAsync("EPSV", 229);
            await bob.SendAsync($"{verb} {path}", 550);
        }
        Assert.Equal("", await ListAsync(bob, $"{verb} inc*/f"));
        Assert.Contains("f", await ListAsync(bob, $"{verb} look/f"), StringComparison.Ordinal);
        Assert.Contains("look/f", await ListAsync(bob, $"{verb} loo*/f"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_only_be_stored_is_stored_and_a_link_is_renamed_whatever_it_leads_to()
    {
        MemoryClient bob = await _server.LoginAsync("bob");
        await StoreAsync(bob, "incoming/mine");
        await bob.SendAsync("SITE SYMLINK none/f link", 200);
        await bob.SendAsync("SIZE link", 550);
        await bob.SendAsync("RNFR link", 350);
        await bob.SendAsync("RNTO other", 250);
    }

    [Fact]
    public async Task A_rule_does_not_go_with_its_directory()
    {
        MemoryClient alice = await _server.LoginAsync();
        await alice.SendAsync("RMDA incoming", 550);
        await alice.SendAsync("RNFR incoming", 350);
        await alice.SendAsync("RNTO away", 550);
        await alice.SendAsync("DELE none/f", 250);
        await alice.SendAsync("RMD none", 550);
        await _storage.Accounts.ChangeAsync("bob", bob => bob with { Rules = [] }, Token);
        await alice.SendAsync("RMD none", 250);
        await alice.SendAsync("RNFR incoming", 350);
        await alice.SendAsync("RNTO away", 250);
    }

    private static async Task StoreAsync(MemoryClient client, string path)
    {
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync($"STOR {path}", 150);
        await data.SendAsync("bytes");
        await client.ExpectAsync(226);
    }

    private static async Task<string> ListAsync(MemoryClient client, string command)
    {
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync(command, 150);
        string listing = await data.ReadToEndAsync();
        await client.ExpectAsync(226);
        return listing;
    }
}
