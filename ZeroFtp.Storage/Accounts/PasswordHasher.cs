using System.Net;
using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// Hashes and verifies passwords. Hashes are PHC strings that carry their scheme, cost and salt, so each stays valid when the options change. A password is the
/// bytes that the client sent.
/// </summary>
/// <remarks>
/// Hashing takes about a tenth of a second of processor time. It runs on dedicated threads, a bounded number at a time, in the order of a
/// <see cref="HashQueue"/>.
/// </remarks>
internal sealed class PasswordHasher
{
    private const int SaltLength = 16;
    private readonly PasswordOptions _options;
    private readonly HashQueue _queue;
    private readonly PasswordHash _decoy;
    private long _comparisons;

    public PasswordHasher(PasswordOptions options, TimeProvider timeProvider)
    {
        _options = options;
        _queue = new HashQueue(options.MaxConcurrentHashes, options.MaxWaiting, options.MaxWait, timeProvider);
        PasswordParameters parameters = PasswordParameters.Of(options);
        Costs = new PasswordCosts(parameters);
        _decoy = new PasswordHash(parameters, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(parameters.Length));
        Decoy = _decoy.ToString();
    }

    /// <summary>The number of passwords that were hashed for comparison.</summary>
    public long Comparisons => Interlocked.Read(ref _comparisons);

    /// <summary>The hashing costs of the options and of the stored hashes.</summary>
    public PasswordCosts Costs { get; }

    /// <summary>A hash of no password, compared when there is no account.</summary>
    public string Decoy { get; }

    /// <summary>Hashes a password with a new salt, by the scheme and cost of the options.</summary>
    public ValueTask<string> HashAsync(string password, IPNetwork? client, CancellationToken cancellationToken)
    {
        PasswordParameters parameters = PasswordParameters.Of(_options);
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        return RunAsync(() => new PasswordHash(parameters, salt, parameters.Stretch(FtpText.Encode(password), salt)).ToString(), client, cancellationToken);
    }

    /// <summary>
    /// True if the hash is of this password. Every failure costs the same: whatever hash the account has, whether it can be parsed, and whether there is an
    /// account at all.
    /// </summary>
    /// <param name="login">The login. Its client decides its turn; a success is remembered there.</param>
    /// <param name="hash">The hash, or null if there is none.</param>
    /// <param name="cancellationToken">Cancels the wait for a turn.</param>
    /// <exception cref="HashQueueException">Too many others are waiting.</exception>
    public ValueTask<bool> VerifyAsync(PasswordLogin login, string? hash, CancellationToken cancellationToken)
    {
        bool isReal = PasswordHash.TryParse(hash, out PasswordHash? known);
        known ??= _decoy;
        return RunAsync(() =>
        {
            // Check again when its turn has come, so that many simultaneous logins of one account cost one hashing.
            if (isReal && login.IsVerified(hash!))
                return true;
            bool isRight = IsOf(known, login.Password) && isReal;
            if (isRight)
                login.Remember(hash!);
            else
                Costs.PadFrom(known.Parameters);
            return isRight;
        }, login.Client, cancellationToken);
    }

    /// <summary>True if the hash was made with another scheme or cost than the current options.</summary>
    public bool NeedsRenewal(string hash) => PasswordHash.TryParse(hash, out PasswordHash? known) && known.Parameters != PasswordParameters.Of(_options);

    private bool IsOf(PasswordHash hash, string password)
    {
        Interlocked.Increment(ref _comparisons);
        return CryptographicOperations.FixedTimeEquals(hash.Parameters.Stretch(FtpText.Encode(password), hash.Salt), hash.Value);
    }

    private async ValueTask<T> RunAsync<T>(Func<T> work, IPNetwork? client, CancellationToken cancellationToken)
    {
        await _queue.EnterAsync(client, cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _queue.Leave();
        }
    }
}
