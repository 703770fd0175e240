using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Host.Serving;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Storage;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Transcripts;

/// <summary>A store of this project, with the fixture tree stored in it by FTP. Its modes are for show: who may do what is a matter of accounts.</summary>
public abstract class StoreTranscriptFixture : TranscriptFixture
{
    private FtpStorage? _storage;

    public override IReadOnlySet<string> Powers { get; } = new HashSet<string>(StringComparer.Ordinal) { "facts", "links", "quota" };

    public override async Task<IServerDriver> CreateDriverAsync(FakeTimeProvider clock, bool withBig)
    {
        _storage = await OpenAsync(clock, static directory => new StorageOptions
        {
            DataDirectory = directory,
            AnonymousAccount = "anonymous",
            Passwords = new PasswordOptions { Pbkdf2Iterations = 1_000 },
        });
        string certificate = TestCertificates.Client.GetCertHashString(HashAlgorithmName.SHA256);
        await AddAsync(new Account { Name = "alice" });
        await AddAsync(new Account { Name = "bob", Permissions = FtpPermissions.ReadOnly });
        await AddAsync(new Account { Name = "acme", AccountCode = "proj1" });
        await AddAsync(new Account { Name = "storer", StoringCode = "proj2" });
        await AddAsync(new Account { Name = "anonymous", Permissions = FtpPermissions.ReadOnly });
        await AddAsync(new Account { Name = "root", IsAdministrator = true });
        await AddAsync(new Account { Name = "carol", QuotaBytes = 1000 });
        await AddAsync(new Account { Name = "dora", Permissions = FtpPermissions.Write | FtpPermissions.MakeDirectory });
        await AddAsync(new Account { Name = "reader", Permissions = FtpPermissions.Read });
        await AddAsync(new Account { Name = "stamper", Permissions = FtpPermissions.ChangeFacts });
        await AddAsync(new Account { Name = "walled", Permissions = FtpPermissions.None });
        await AddAsync(new Account { Name = "certuser", Certificates = [certificate] }, password: null);
        await AddAsync(new Account { Name = "fixture" });
        await using (MemoryServer server = new(_storage.Driver, clock: clock))
            await FillAsync(await server.LoginAsync("fixture"), withBig);
        return new TlsServerDriver(_storage.Driver, (_, _) => ValueTask.FromResult<SslServerAuthenticationOptions?>(TestCertificates.ServerOptionsWithClientCertificate()));
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_storage is not null)
            await _storage.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Opens an empty store.</summary>
    private protected abstract Task<FtpStorage> OpenAsync(FakeTimeProvider clock, Func<string, StorageOptions> options);

    private async Task AddAsync(Account account, string? password = "secret") => Assert.True(await _storage!.Accounts.AddAsync(account with { Home = "/" }, password));

    /// <summary>Stores the fixture tree by FTP.</summary>
    private static async Task FillAsync(MemoryClient client, bool withBig)
    {
        MemoryTree tree = MemoryFixture.CreateTree();
        foreach (string directory in new[] { "/docs", "/docs/q\"uote", "/empty", "/up" })
            await client.SendAsync($"MKD {directory}", 257);
        foreach (string file in MemoryFixture.Files.Where(file => withBig || file != "/big.bin"))
        {
            DataEnd data = await DataEnd.OpenAsync(client);
            await client.SendAsync($"STOR {Octets.Unescape(file)}", 150);
            await data.SendAsync(System.Text.Encoding.Latin1.GetString(tree.ReadFile(file)!));
            await client.ExpectAsync(226);
        }
        await client.SendAsync("MFMT 20200102030405 /docs/a.txt", 213);
        await client.SendAsync("SITE SYMLINK docs/a.txt link", 200);
        await client.SendAsync("SITE SYMLINK docs dlink", 200);
        await client.SendAsync("SITE SYMLINK nowhere broken", 200);
    }
}
