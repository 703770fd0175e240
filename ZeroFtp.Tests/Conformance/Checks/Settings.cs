using System.Net;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Checks;

/// <summary>What the command line says about the server and the run.</summary>
internal sealed record Settings
{
    public required IPEndPoint Server { get; init; }

    /// <summary>The same server over IPv6, when there is one to try.</summary>
    public IPEndPoint? Server6 { get; init; }

    public int? ImplicitPort { get; init; }

    /// <summary>How ordinary sessions are protected; checks about TLS choose for themselves.</summary>
    public TlsUse Tls { get; init; }

    /// <summary>By role: alice (read-write), bob (read-only), acme (needs ACCT), anonymous, guest (no password), admin, certuser.</summary>
    public required IReadOnlyDictionary<string, Account> Accounts { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    public IReadOnlyCollection<string> Profiles { get; init; } = [Checks.Profiles.Default];

    /// <summary>What the server is known to offer: skipping a check of it is a failure.</summary>
    public IReadOnlyCollection<string> Offers { get; init; } = [];

    /// <summary>The range that passive ports must come from, when the server was given one.</summary>
    public (int From, int To)? PassiveRange { get; init; }

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public int Jobs { get; init; } = 8;

    public bool IsLocal => IPAddress.IsLoopback(Server.Address);
}
