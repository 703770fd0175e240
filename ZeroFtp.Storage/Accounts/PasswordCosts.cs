using System.Security.Cryptography;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// What a wrong password costs. After the cost of hashing was changed, accounts keep their old hashes until their next login, so that a table holds several costs; a guess at an account with an old hash, one with a new
/// hash and one at no account at all must take the same time all the same.
/// </summary>
/// <remarks>
/// So each wrong guess is padded to the dearest PBKDF2 that is stored or configured, and to one run of each Argon2id that is. With hashes of 100,000 and 210,000 iterations stored and 150,000 configured, a guess at
/// the first costs 100,000 and 110,000 more, at the second 210,000, at an unknown name 150,000 and 60,000 more. A right password costs what its own hash does.
/// </remarks>
internal sealed class PasswordCosts(PasswordParameters configured)
{
    private static readonly byte[] NoPassword = [0], NoSalt = new byte[16];

    private volatile PasswordParameters[] _known = [configured];

    /// <summary>The costs that are stored or configured.</summary>
    public IReadOnlyList<PasswordParameters> Known => _known;

    /// <summary>Counts a cost in that a stored hash has.</summary>
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

    /// <summary>What is still to be done after a guess of one cost, so that all take the same time.</summary>
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

    /// <summary>Does it.</summary>
    public void PadFrom(PasswordParameters done)
    {
        Add(done);
        foreach (PasswordParameters padding in PaddingAfter(done))
            CryptographicOperations.ZeroMemory(padding.Stretch(NoPassword, NoSalt));
    }
}
