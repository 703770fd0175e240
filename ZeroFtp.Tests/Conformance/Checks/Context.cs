using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Checks;

/// <summary>What a check works with: sessions, accounts, a scratch directory of its own, and the question of what the server offers.</summary>
internal sealed class Context(Settings settings, ServerFacts facts, FixtureParts fixture, Transcript transcript) : IAsyncDisposable
{
    private readonly List<Session> _sessions = [];
    private string? _scratch;

    public Settings Settings { get; } = settings;

    public Transcript Transcript { get; } = transcript;

    public Observations Observations => Transcript.Observations;

    public TimeSpan Patience => Settings.Patience;

    /// <summary>Whether the server runs with this configuration; for checks that name several profiles.</summary>
    public bool Under(string profile) => Settings.Profiles.Contains(profile);

    /// <summary>The account that may do everything in the fixture tree.</summary>
    public Account Alice => Settings.Accounts["alice"];

    /// <summary>Another account by role; skips the check when the command line names none.</summary>
    public Account Account(string role)
        => Settings.Accounts.TryGetValue(role, out Account? account)
            ? account
            : throw new CheckSkippedException($"account {role}", $"no account for the role \"{role}\" was given (--account {role}=NAME:PASSWORD)");

    /// <summary>Connects and reads the greeting; clear, not logged in.</summary>
    public async Task<Session> ConnectAsync(IPAddress? from = null)
    {
        Session session = await DialAsync(Settings.Server, from);
        await session.GreetAsync();
        return session;
    }

    /// <summary>Connects over IPv6 and reads the greeting; skips when the server has no IPv6.</summary>
    public async Task<Session> Connect6Async()
    {
        if (Settings.Server6 is null)
            throw new CheckSkippedException("IPv6", "no IPv6 address given (--host6)");
        try
        {
            Session session = await DialAsync(Settings.Server6);
            await session.GreetAsync();
            return session;
        }
        catch (SocketException refused)
        {
            throw new CheckSkippedException("IPv6", $"{Settings.Server6}: {refused.SocketErrorCode}");
        }
    }

    /// <summary>Connects to the implicit port and shakes hands, then reads the greeting; the data level is Private.</summary>
    public async Task<Session> ConnectImplicitAsync()
    {
        Session session = await DialAsync(ImplicitServer);
        await session.SecureAsync();
        await session.GreetAsync();
        session.IsPrivate = true;
        return session;
    }

    /// <summary>The implicit TLS port; skips when the command line gives none.</summary>
    public IPEndPoint ImplicitServer => Settings.ImplicitPort is { } port
        ? new(Settings.Server.Address, port)
        : throw new CheckSkippedException("implicit TLS", "no implicit TLS port given (--implicit-port)");

    /// <summary>A TCP connection without reading anything.</summary>
    public async Task<Session> DialAsync(IPEndPoint server, IPAddress? from = null, int fromPort = 0)
    {
        ControlConnection control = await ControlConnection.OpenAsync(server, Transcript, Patience, from is null ? null : new(from, fromPort));
        Session session = new(control, Transcript, Patience);
        _sessions.Add(session);
        return session;
    }

    /// <summary>A session as the command line says (clear or protected), logged in as alice or the account given; TYPE is still the default.</summary>
    public async Task<Session> LoginWithoutTypeAsync(Account? account = null)
    {
        Session session = Settings.Tls == TlsUse.Implicit ? await ConnectImplicitAsync() : await ConnectAsync();
        if (Settings.Tls == TlsUse.Explicit)
            await session.AuthTlsAsync();
        await session.LoginAsync(account ?? Alice);
        if (Settings.Tls == TlsUse.Explicit)
            await session.ProtectDataAsync();
        return session;
    }

    /// <summary>A session as the command line says, logged in, TYPE I: where the tests of the requirements start.</summary>
    public async Task<Session> LoginAsync(Account? account = null)
    {
        Session session = await LoginWithoutTypeAsync(account);
        await session.DoAsync("TYPE I", 200);
        return session;
    }

    /// <summary>A session in clear, whatever the command line says; logged in, TYPE I.</summary>
    public async Task<Session> LoginClearAsync(Account? account = null)
    {
        Session session = await ConnectAsync();
        await session.LoginAsync(account ?? Alice);
        await session.DoAsync("TYPE I", 200);
        return session;
    }

    /// <summary>AUTH TLS and handshake, not logged in.</summary>
    public async Task<Session> ConnectTlsAsync(TlsSettings? tls = null)
    {
        await NeedAsync("AUTH TLS");
        Session session = await ConnectAsync();
        session.ControlTls = tls ?? session.ControlTls;
        session.DataTls = tls ?? session.DataTls;
        await session.AuthTlsAsync();
        return session;
    }

    /// <summary>AUTH TLS, handshake, login, TYPE I, and PROT P unless <paramref name="prot"/> is false.</summary>
    public async Task<Session> LoginTlsAsync(bool prot = true, Account? account = null, TlsSettings? tls = null)
    {
        Session session = await ConnectTlsAsync(tls);
        await session.LoginAsync(account ?? Alice);
        await session.DoAsync("TYPE I", 200);
        if (prot)
            await session.ProtectDataAsync();
        return session;
    }

    /// <summary>The check's own writable directory, made on first use: <c>up/</c> and a random name, without a slash in front.</summary>
    public async Task<string> ScratchAsync(Session session)
    {
        if (_scratch is null)
        {
            string name = $"up/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))}";
            await session.DoAsync($"MKD {name}", 257);
            _scratch = name;
        }

        return _scratch;
    }

    /// <summary>
    /// Skips the check unless the server offers something optional: a FEAT label (<c>MFMT</c>), a verb (<c>COMB</c>), or a command that must succeed
    /// (<c>MODE Z</c>, <c>STRU R</c>, <c>AUTH TLS</c>).
    /// </summary>
    public async Task NeedAsync(string feature)
    {
        if (!await facts.OffersAsync(feature))
            throw new CheckSkippedException(feature, $"the server does not offer {feature}");
    }

    /// <summary>Whether the server offers something optional.</summary>
    public Task<bool> OffersAsync(string feature) => facts.OffersAsync(feature);

    /// <summary>Skips the check unless a part of the fixture tree could be made.</summary>
    public void Need(FixturePart part)
    {
        if (!fixture.Has(part))
            throw new CheckSkippedException($"fixture {part}", fixture.WhyNot(part));
    }

    /// <summary>
    /// A session and a file that it can see but neither read nor write: the fixture's, or, where modes do not bind, one in closed/ for the account of the
    /// role walled.
    /// </summary>
    public async Task<(Session Session, string Path)> WalledAsync()
    {
        if (fixture.Has(FixturePart.Permissions))
            return (await LoginAsync(), "noread.txt");
        if (!Settings.Accounts.TryGetValue("walled", out Account? walled))
            throw new CheckSkippedException("account walled", $"{fixture.WhyNot(FixturePart.Permissions)}; and no account for the role \"walled\" was given");
        Session alice = await LoginAsync();
        await alice.AskAsync("MKD closed");
        if ((await alice.AskAsync("SIZE closed/noread.txt")).Code != 213)
            await alice.PutAsync("closed/noread.txt", "p\n");
        return (await LoginAsync(walled), "closed/noread.txt");
    }

    /// <summary>
    /// A directory that holds "a CR b": made by the check where the server permits such names, else odd/, if whoever runs the server has put it there by
    /// other means.
    /// </summary>
    public async Task<(string Directory, bool Made)> NameWithCrAsync(Session session)
    {
        string up = await ScratchAsync(session);
        Reply made = await session.DoRawAsync($"MKD {up}/a\r\0b");
        if (made.Code == 257)
            return (up, true);
        Reply there = await session.DoRawAsync("CWD /odd/a\r\0b");
        await session.DoAsync("CWD /", 250);
        return there.Code == 250
            ? ("odd", false)
            : throw new CheckSkippedException("names with CR", $"no name with CR can be made over FTP ({made}), and there is no directory odd/ that holds one");
    }

    /// <summary>Skips the check unless client and server are on one machine whose loopback has more addresses.</summary>
    public IPAddress SecondLocalAddress()
        => Settings.IsLocal && Settings.Server.AddressFamily == AddressFamily.InterNetwork
            ? IPAddress.Parse("127.0.0.2")
            : throw new CheckSkippedException("loopback", "needs a server on the loopback of this machine");

    public async ValueTask DisposeAsync()
    {
        foreach (Session session in _sessions)
            await session.DisposeAsync();
    }
}
