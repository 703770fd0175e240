using System.Net;
using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// Stretches passwords and compares them. Hashes are PHC strings that carry scheme, cost and salt, so that each stays valid when the options change. Passwords are taken as the bytes that the client sent.
/// </summary>
/// <remarks>Stretching takes a tenth of a second of a processor; it runs on threads of its own, a bounded number at a time, in the order of a <see cref="HashQueue"/>.</remarks>
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

    /// <summary>How many passwords were hashed to compare them.</summary>
    public long Comparisons => Interlocked.Read(ref _comparisons);

    /// <summary>What hashing costs, by the options and by the hashes that are stored.</summary>
    public PasswordCosts Costs { get; }

    /// <summary>A hash of no password, to be compared where there is no account.</summary>
    public string Decoy { get; }

    /// <summary>The hash of a password, with a new salt, by the scheme and cost of the options.</summary>
    public ValueTask<string> HashAsync(string password, IPNetwork? client, CancellationToken cancellationToken)
    {
        PasswordParameters parameters = PasswordParameters.Of(_options);
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        return RunAsync(() => new PasswordHash(parameters, salt, parameters.Stretch(FtpText.Encode(password), salt)).ToString(), client, cancellationToken);
    }

    /// <summary>Whether the hash is of this password. Every no costs the same, whatever hash the account has, whether it can be read, and whether there is one at all.</summary>
    /// <param name="login">Who logs in and where, which decides its turn; a success is remembered there.</param>
    /// <param name="hash">The hash, or null if there is none.</param>
    /// <param name="cancellationToken">Gives up while it waits for its turn.</param>
    /// <exception cref="HashQueueException">Too many others wait.</exception>
    public ValueTask<bool> VerifyAsync(PasswordLogin login, string? hash, CancellationToken cancellationToken)
    {
        bool isReal = PasswordHash.TryParse(hash, out PasswordHash? known);
        known ??= _decoy;
        return RunAsync(() =>
        {
            // Asked once more now that its turn has come, so that many logins of one account at once cost one hashing.
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

    /// <summary>Whether the hash was made with another scheme or cost than the options have now.</summary>
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
