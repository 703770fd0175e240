namespace ZeroFtp.Storage.Accounts;

/// <summary>A deliberately slow password hash.</summary>
public enum PasswordScheme
{
    /// <summary>PBKDF2 with HMAC-SHA-512 (RFC 8018).</summary>
    Pbkdf2Sha512,

    /// <summary>Argon2id (RFC 9106).</summary>
    Argon2Id,
}

/// <summary>
/// How passwords are hashed. Hashes carry their scheme and cost: old ones stay valid when these options change and are renewed at the next login.
/// </summary>
public sealed record PasswordOptions
{
    /// <summary>The scheme of new hashes.</summary>
    public PasswordScheme Scheme { get; init; } = PasswordScheme.Pbkdf2Sha512;

    /// <summary>Iterations of PBKDF2.</summary>
    public int Pbkdf2Iterations { get; init; } = 210_000;

    /// <summary>Memory of Argon2id, in KiB.</summary>
    public int Argon2MemoryKib { get; init; } = 19 << 10;

    /// <summary>Passes of Argon2id.</summary>
    public int Argon2Passes { get; init; } = 2;

    /// <summary>Maximum number of passwords hashed at the same time. Further logins wait, so that a flood of logins cannot occupy all processors.</summary>
    public int MaxConcurrentHashes { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>
    /// Maximum number of passwords that wait to be hashed. When the queue is full, a newcomer displaces a request of the client with the most. A login that is
    /// displaced, or finds no place, is answered with 421.
    /// </summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>How long a password waits to be hashed before its login is answered with 421.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a verified login is remembered, so that the next login with the same password skips the hashing. Zero disables it.</summary>
    public TimeSpan RememberFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Maximum number of verified logins that are remembered.</summary>
    public int RememberAtMost { get; init; } = 10_000;

    /// <summary>Returns every fault of these options, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Check(Enum.IsDefined(Scheme), "Passwords.Scheme must be Pbkdf2Sha512 or Argon2Id.");
        Check(Pbkdf2Iterations is >= 1_000 and <= 100_000_000, "Passwords.Pbkdf2Iterations must be between 1,000 and 100,000,000.");
        Check(Argon2MemoryKib is >= 1 << 10 and <= 4 << 20, "Passwords.Argon2MemoryKib must be between 1 MiB and 4 GiB.");
        Check(Argon2Passes is >= 1 and <= 1_000, "Passwords.Argon2Passes must be between 1 and 1,000.");
        Check(MaxConcurrentHashes is >= 1 and <= 1_024, "Passwords.MaxConcurrentHashes must be between 1 and 1,024.");
        Check(MaxWaiting is >= 1 and <= 1_000_000, "Passwords.MaxWaiting must be between 1 and 1,000,000.");
        Check(MaxWait > TimeSpan.Zero && MaxWait <= TimeSpan.FromHours(1), "Passwords.MaxWait must be above 0 and at most an hour.");
        Check(RememberFor >= TimeSpan.Zero && RememberFor <= TimeSpan.FromDays(1), "Passwords.RememberFor must be between 0 and a day.");
        Check(RememberAtMost is >= 0 and <= 10_000_000, "Passwords.RememberAtMost must be between 0 and 10,000,000.");
        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds)
                faults.Add(fault);
        }
    }
}
