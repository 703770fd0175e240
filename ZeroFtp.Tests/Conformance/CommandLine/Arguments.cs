using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.CommandLine;

/// <summary>The options and what they mean.</summary>
internal sealed class Arguments
{
    public Option<string> Host { get; } = new("--host") { Description = "Name or address of the server.", DefaultValueFactory = _ => "127.0.0.1" };

    public Option<string?> Host6 { get; } = new("--host6") { Description = "IPv6 address of the same server (::1 when the server is local)." };

    public Option<int> Port { get; } = new("--port") { Description = "Control port.", DefaultValueFactory = _ => 21 };

    public Option<int?> Port6 { get; } = new("--port6") { Description = "Control port over IPv6 (default: the same)." };

    public Option<int?> ImplicitPort { get; } = new("--implicit-port") { Description = "Port with implicit TLS, if there is one." };

    public Option<string> User { get; } = new("--user") { Description = "Account with read-write access (alice).", DefaultValueFactory = _ => "alice" };

    public Option<string> Password { get; } = new("--password") { Description = "Its password.", DefaultValueFactory = _ => "secret" };

    public Option<string[]> Account { get; } = new("--account")
    {
        Description = "More accounts, ROLE=NAME:PASSWORD[:ACCT], roles: bob (read-only), walled (only lists in /closed), acme (needs ACCT), anonymous, guest (no password), admin, certuser.",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string> Tls { get; } = Choice<string>(new("--tls") { Description = "How ordinary sessions are protected.", DefaultValueFactory = _ => "none" }, "none", "explicit", "implicit");

    public Option<string?> ClientCertificate { get; } = new("--client-certificate") { Description = "PEM file with certificate and key of certuser." };

    public Option<string> Fixture { get; } = Choice<string>(
        new("--fixture") { Description = "Make the tree over FTP, expect it to be there, or do without.", DefaultValueFactory = _ => "by-ftp" }, "by-ftp", "directory", "none");

    public Option<string[]> Profile { get; } = new("--profile")
    {
        Description = "The configurations that the server runs with (docs/conformance.md).",
        DefaultValueFactory = _ => [Profiles.Default],
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string[]> Only { get; } = new("--only") { Description = "Ids, id prefixes (TEL-*), or section numbers.", AllowMultipleArgumentsPerToken = true };

    public Option<string?> Offers { get; } = new("--offers") { Description = "File with what the server offers, one a line: skipping it is a failure." };

    public Option<string?> ReportFormat { get; } = Choice<string?>(new("--report") { Description = "Form of the report." }, "json", "markdown", "junit");

    public Option<string?> Out { get; } = new("--out") { Description = "Where the report goes (default: standard output)." };

    public Option<string?> PassiveRange { get; } = new("--passive-range") { Description = "The server's passive ports, FROM-TO." };

    public Option<int> Jobs { get; } = new("--jobs") { Description = "Checks at a time.", DefaultValueFactory = _ => 8 };

    public Option<double> Patience { get; } = new("--patience") { Description = "Seconds to wait for a reply.", DefaultValueFactory = _ => 5 };

    public Option<bool> List { get; } = new("--list") { Description = "Print id, level, source and title of every check, and nothing else." };

    public Option<string?> MakeTree { get; } = new("--make-tree") { Description = "Write the fixture tree into this directory, and nothing else." };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Print every result as it comes." };

    public Option<bool> Transcripts { get; } = new("--transcripts") { Description = "Print the transcript of every failure." };

    public IEnumerable<Option> All =>
    [
        Host, Host6, Port, Port6, ImplicitPort, User, Password, Account, Tls, ClientCertificate, Fixture, Profile, Only, Offers, PassiveRange, ReportFormat, Out, Jobs, Patience,
        List, MakeTree, Verbose, Transcripts,
    ];

    public async Task<Settings> ToSettingsAsync(ParseResult parsed)
    {
        IPAddress address = await ResolveAsync(parsed.GetValue(Host)!);
        int port = parsed.GetValue(Port);
        string? host6 = parsed.GetValue(Host6) ?? (IPAddress.IsLoopback(address) ? "::1" : null);
        Dictionary<string, Account> accounts = new(StringComparer.OrdinalIgnoreCase) { ["alice"] = new(parsed.GetValue(User)!, parsed.GetValue(Password)!) };
        foreach (string text in parsed.GetValue(Account) ?? [])
            Add(accounts, text);
        foreach (string profile in parsed.GetValue(Profile)!)
        {
            if (!Profiles.All.Contains(profile))
                throw new ArgumentException($"--profile {profile}: not one of {string.Join(", ", Profiles.All)}");
        }

        return new()
        {
            Server = new(address, port),
            Server6 = host6 is null ? null : new(IPAddress.Parse(host6), parsed.GetValue(Port6) ?? port),
            ImplicitPort = parsed.GetValue(ImplicitPort),
            Tls = Enum.Parse<TlsUse>(parsed.GetValue(Tls)!, ignoreCase: true),
            Accounts = accounts,
            ClientCertificate = parsed.GetValue(ClientCertificate) is { } file ? X509Certificate2.CreateFromPemFile(file) : null,
            Profiles = parsed.GetValue(Profile)!,
            Offers = parsed.GetValue(Offers) is { } offers ? [.. (await File.ReadAllLinesAsync(offers)).Select(Trim).Where(line => line.Length > 0)] : [],
            PassiveRange = parsed.GetValue(PassiveRange) is { } range ? Range(range) : null,
            Patience = TimeSpan.FromSeconds(parsed.GetValue(Patience)),
            Jobs = Math.Max(1, parsed.GetValue(Jobs)),
        };
    }

    private static async Task<IPAddress> ResolveAsync(string host)
        => IPAddress.TryParse(host, out IPAddress? address)
            ? address
            : (await Dns.GetHostAddressesAsync(host)).OrderBy(found => found.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();

    private static void Add(Dictionary<string, Account> accounts, string text)
    {
        string[] sides = text.Split('=', 2);
        string[] parts = sides.Length == 2 ? sides[1].Split(':', 3) : [];
        if (parts.Length < 2)
            throw new ArgumentException($"--account {text}: expected ROLE=NAME:PASSWORD[:ACCT]");
        accounts[sides[0]] = new(parts[0], parts[1], parts.Length > 2 ? parts[2] : null);
    }

    private static (int From, int To) Range(string text)
    {
        string[] ends = text.Split('-');
        return ends.Length == 2 && int.TryParse(ends[0], out int from) && int.TryParse(ends[1], out int to)
            ? (from, to)
            : throw new ArgumentException($"--passive-range {text}: expected FROM-TO");
    }

    /// <summary>Drops a comment and the spaces around.</summary>
    private static string Trim(string line) => line.Split('#', 2)[0].Trim();

    private static Option<T> Choice<T>(Option<T> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
