using System.Security.Cryptography;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// The cost of a wrong password. After the hashing cost changes, accounts keep their old hashes until their next login, so a table holds several costs. A guess
/// must still take the same time for an account with an old hash, one with a new hash, and no account at all.
/// </summary>
/// <remarks>
/// Each wrong guess is therefore padded to the most expensive PBKDF2 that is stored or configured, plus one run of each Argon2id that is. Example: hashes of
/// 100,000 and 210,000 iterations are stored and 150,000 are configured. A guess at the first costs 100,000 and 110,000 more, at the second 210,000, and at an
/// unknown name 150,000 and 60,000 more. A correct password costs only its own hash.
/// </remarks>
internal sealed class PasswordCosts(PasswordParameters configured)
{
    private static readonly byte[] NoPassword = [0], NoSalt = new byte[16];

    private volatile PasswordParameters[] _known = [configured];

    /// <summary>The costs that are stored or configured.</summary>
    public IReadOnlyList<PasswordParameters> Known => _known;

    /// <summary>Registers the cost of a stored hash.</summary>
    public void Add(PasswordParameters stored)
    {
        if (_known.Contains(stored))
            return;
        lock (NoSalt)
        {
            if (!_known.Contains(stored))
                _known = [.. _known, stored];
        }
    }

    /// <summary>Returns the work that remains after a guess of the given cost, so that all guesses take the same time.</summary>
    public IEnumerable<PasswordParameters> PaddingAfter(PasswordParameters done)
    {
        PasswordParameters[] known = _known;
        int most = known.Where(static cost => cost.Scheme == PasswordScheme.Pbkdf2Sha512).Select(static cost => cost.Iterations).DefaultIfEmpty(0).Max();
        int missing = most - (done.Scheme == PasswordScheme.Pbkdf2Sha512 ? done.Iterations : 0);
        if (missing > 0)
            yield return new PasswordParameters(PasswordScheme.Pbkdf2Sha512, missing, 0, 0);
        foreach (PasswordParameters cost in known)
        {
            if (cost.Scheme == PasswordScheme.Argon2Id && cost != done)
                yield return cost;
        }
    }

    /// <summary>Does the work that <see cref="PaddingAfter"/> returns.</summary>
    public void PadFrom(PasswordParameters done)
    {
        Add(done);
        foreach (PasswordParameters padding in PaddingAfter(done))
            CryptographicOperations.ZeroMemory(padding.Stretch(NoPassword, NoSalt));
    }
}
