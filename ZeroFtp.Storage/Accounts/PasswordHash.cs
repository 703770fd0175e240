using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// A hashed password as stored: <c>$pbkdf2-sha512$i=N$SALT$HASH</c> or <c>$argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH</c>, in base64 without padding (the
/// PHC string format).
/// </summary>
internal sealed record PasswordHash(PasswordParameters Parameters, byte[] Salt, byte[] Value)
{
    private const string Pbkdf2 = "pbkdf2-sha512";
    private const string Argon2 = "argon2id";
    private const string Argon2Version = "v=19";

    public override string ToString() => BeginningOf(Parameters) + $"{ToText(Salt)}${ToText(Value)}";

    /// <summary>Returns the prefix that all hashes of one cost share.</summary>
    public static string BeginningOf(PasswordParameters cost) => cost.Scheme == PasswordScheme.Pbkdf2Sha512
        ? string.Create(CultureInfo.InvariantCulture, $"${Pbkdf2}$i={cost.Iterations}$")
        : string.Create(CultureInfo.InvariantCulture, $"${Argon2}${Argon2Version}$m={cost.MemoryKib},t={cost.Iterations},p={cost.Lanes}$");

    /// <summary>Parses a hash. Rejects excessive costs, so that a database row cannot keep a processor busy for hours.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        PasswordParameters? parameters = text?.Split('$') switch
        {
            ["", Pbkdf2, _, _, _] parts when TryRead(parts[2], "i", 100_000_000, out int iterations) =>
                new PasswordParameters(PasswordScheme.Pbkdf2Sha512, iterations, 0, 0),
            ["", Argon2, Argon2Version, _, _, _] parts when parts[3].Split(',') is [string m, string t, string p]
                && TryRead(m, "m", 4 << 20, out int memory) && TryRead(t, "t", 1_000, out int passes) && TryRead(p, "p", 255, out int lanes)
                => new PasswordParameters(PasswordScheme.Argon2Id, passes, memory, lanes),
            _ => null,
        };
        if (parameters is null)
            return false;
        string[] fields = text!.Split('$');
        if (!TryFromText(fields[^2], out byte[]? salt) || !TryFromText(fields[^1], out byte[]? value) || salt.Length < 8 || value.Length != parameters.Length)
            return false;
        hash = new PasswordHash(parameters, salt, value);
        return true;
    }

    private static bool TryRead(string field, string name, int most, out int value)
    {
        value = 0;
        return field.StartsWith(name + "=", StringComparison.Ordinal)
            && int.TryParse(field.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most;
    }

    private static string ToText(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryFromText(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length is 0 or > 1_024)
            return false;
        byte[] buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), buffer, out int length))
            return false;
        bytes = buffer[..length];
        return true;
    }
}
