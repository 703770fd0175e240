using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Memory;

/// <summary>A server driver with accounts that are added in code, over one <see cref="MemoryTree"/>. Safe to use from any thread; accounts may be added while it serves.</summary>
/// <param name="tree">The tree that all users share.</param>
public sealed class MemoryServerDriver(MemoryTree tree) : IServerDriver
{
    private readonly ConcurrentDictionary<string, MemoryAccount> _accounts = new(StringComparer.Ordinal);

    /// <summary>The tree that all users share.</summary>
    public MemoryTree Tree { get; } = tree ?? throw new ArgumentNullException(nameof(tree));

    /// <summary>Gives the parameters of each TLS handshake; null, the default, if there is no TLS. The result should be made once and kept.</summary>
    public Func<TlsRequest, SslServerAuthenticationOptions?>? Tls { get; set; }

    /// <summary>Adds an account or replaces the one of that name.</summary>
    public MemoryServerDriver AddAccount(MemoryAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        _accounts[account.Name] = account;
        return this;
    }

    /// <inheritdoc/>
    public ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ValueTask.FromResult(Authenticate(request));
    }

    /// <inheritdoc/>
    public bool OffersTls => Tls is not null;

    /// <inheritdoc/>
    public ValueTask<SslServerAuthenticationOptions?> GetTlsOptionsAsync(TlsRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Tls?.Invoke(request));

    private LoginResult Authenticate(LoginRequest request)
    {
        MemoryAccount? account = _accounts.GetValueOrDefault(request.User);
        bool byCertificate = account?.CertificateThumbprint is string thumbprint
            && string.Equals(request.ClientCertificate?.GetCertHashString(HashAlgorithmName.SHA256), thumbprint, StringComparison.OrdinalIgnoreCase);
        if (!byCertificate)
        {
            if (request.Password is null)
                return new LoginResult.NeedPassword();

            // An unknown name takes as long as a wrong password.
            bool isRight = IsSame(request.Password, account?.Password ?? "");
            if (account is null || (!isRight && !account.IsAnonymous))
                return new LoginResult.Rejected(account is null ? "unknown user" : "wrong password");
            if (account.Password is null && !account.IsAnonymous)
                return new LoginResult.Rejected("the account has no password");
        }
        if (account!.Account is not null)
        {
            if (request.Account is null)
                return new LoginResult.NeedAccount();
            if (!IsSame(request.Account, account.Account))
                return new LoginResult.Rejected("wrong account");
        }
        return new LoginResult.Accepted(new MemoryDriver(Tree, account.Name, account.Root, account.QuotaBytes))
        {
            StartDirectory = account.StartDirectory,
            Permissions = account.Permissions,
            StoringAccount = account.StoringAccount,
            IsAdministrator = account.IsAdministrator,
            IsAnonymous = account.IsAnonymous,
            ByCertificate = byCertificate,
            Limits = account.Limits,
        };
    }

    private static bool IsSame(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
