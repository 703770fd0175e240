using System.Security.Cryptography;
using Konscious.Security.Cryptography;

namespace ZeroFtp.Storage.Accounts;

/// <summary>A password hashing scheme and its cost.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="Iterations">Iterations of PBKDF2, or passes of Argon2id.</param>
/// <param name="MemoryKib">Memory of Argon2id; 0 for PBKDF2.</param>
/// <param name="Lanes">Lanes of Argon2id; 0 for PBKDF2.</param>
internal sealed record PasswordParameters(PasswordScheme Scheme, int Iterations, int MemoryKib, int Lanes)
{
    /// <summary>The length of a hash in bytes.</summary>
    public int Length => Scheme == PasswordScheme.Pbkdf2Sha512 ? 64 : 32;

    public static PasswordParameters Of(PasswordOptions options) => options.Scheme == PasswordScheme.Argon2Id
        ? new PasswordParameters(PasswordScheme.Argon2Id, options.Argon2Passes, options.Argon2MemoryKib, 1)
        : new PasswordParameters(PasswordScheme.Pbkdf2Sha512, options.Pbkdf2Iterations, 0, 0);

    public byte[] Stretch(byte[] password, byte[] salt)
    {
        if (Scheme == PasswordScheme.Pbkdf2Sha512)
            return Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA512, Length);
        // The implementation refuses an empty password. It is replaced by one zero byte, which no client can send.
        using Argon2id argon2 =
            new(password.Length == 0 ? [0] : password) { Salt = salt, Iterations = Iterations, MemorySize = MemoryKib, DegreeOfParallelism = Lanes };
        return argon2.GetBytes(Length);
    }
}
