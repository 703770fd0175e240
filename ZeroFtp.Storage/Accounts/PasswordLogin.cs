using System.Net;

namespace ZeroFtp.Storage.Accounts;

/// <summary>A password presented for an account.</summary>
/// <param name="Account">The name.</param>
/// <param name="Password">The password.</param>
/// <param name="Client">The client's network; see <see cref="Protocol.Driver.FtpSessionInfo.ClientNetwork"/>.</param>
/// <param name="Verified">Remembers verified passwords; null remembers none.</param>
internal readonly record struct PasswordLogin(string Account, string Password, IPNetwork? Client, VerifiedLogins? Verified)
{
    public bool IsVerified(string hash) => Verified?.Contains(Account, hash, Password) == true;

    public void Remember(string hash) => Verified?.Add(Account, hash, Password);

    public override string ToString() => Account;
}
