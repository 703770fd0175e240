using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>What a login to a stored account found.</summary>
/// <param name="Row">The account.</param>
/// <param name="Session">What the session needs of it.</param>
/// <param name="Generation">The <see cref="AccountWatch.Generation"/> before the account was read.</param>
internal sealed record StoredLogin(AccountRow Row, SessionAccount Session, long Generation);
