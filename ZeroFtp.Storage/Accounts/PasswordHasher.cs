using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// Stretches passwords and compares them. Hashes are PHC strings that carry scheme, cost and salt, so that each stays valid when the options change. Passwords are taken as the octets that the client sent.
/// </summary>
/// <remarks>Stretching takes a tenth of a second of a processor; it runs on threads of its own, a bounded number at a time.</remarks>
internal sealed class PasswordHasher : IDisposable
{
    private const int SaltLength = 16;
    private readonly PasswordOptions _options;
    private readonly SemaphoreSlim _slots;
    private readonly PasswordHash _dummy;
    private long _comparisons;

    public PasswordHasher(PasswordOptions options)
    {
        _options = options;
        _slots = new SemaphoreSlim(options.MaxConcurrentHashes);
        PasswordParameters parameters = PasswordParameters.Of(options);
        _dummy = new PasswordHash(parameters, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(parameters.Length));
    }

    /// <summary>How many passwords were hashed to compare them.</summary>
    public long Comparisons => Interlocked.Read(ref _comparisons);

    /// <summary>The hash of a password, with a new salt, by the scheme and cost of the options.</summary>
    public ValueTask<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        PasswordParameters parameters = PasswordParameters.Of(_options);
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        return RunAsync(() => new PasswordHash(parameters, salt, parameters.Stretch(FtpText.Encode(password), salt)).ToString(), cancellationToken);
    }

    /// <summary>Whether the hash is of this password. Without a hash, or with one that cannot be read, it takes the time of a real comparison and says no.</summary>
    public ValueTask<bool> VerifyAsync(string password, string? hash, CancellationToken cancellationToken)
    {
        bool isReal = PasswordHash.TryParse(hash, out PasswordHash? known);
        known ??= _dummy;
        return RunAsync(() => IsOf(known, password) && isReal, cancellationToken);
    }

    /// <summary>The same for an account's hash, with a memory: it is asked once more when the turn to hash has come, so that many logins of one account at once cost one hashing, and told of a success.</summary>
    public ValueTask<bool> VerifyAsync(string account, string password, string hash, VerifiedLogins verified, CancellationToken cancellationToken)
    {
        bool isReal = PasswordHash.TryParse(hash, out PasswordHash? known);
        known ??= _dummy;
        return RunAsync(() =>
        {
            if (verified.Contains(account, hash, password))
                return true;
            if (!IsOf(known, password) || !isReal)
                return false;
            verified.Add(account, hash, password);
            return true;
        }, cancellationToken);
    }

    /// <summary>Whether the hash was made with another scheme or cost than the options have now.</summary>
    public bool NeedsRenewal(string hash) => PasswordHash.TryParse(hash, out PasswordHash? known) && known.Parameters != PasswordParameters.Of(_options);

    public void Dispose() => _slots.Dispose();

    private bool IsOf(PasswordHash hash, string password)
    {
        Interlocked.Increment(ref _comparisons);
        return CryptographicOperations.FixedTimeEquals(hash.Parameters.Stretch(FtpText.Encode(password), hash.Salt), hash.Value);
    }

    private async ValueTask<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }
}
