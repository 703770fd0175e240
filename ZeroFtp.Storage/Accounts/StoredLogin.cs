using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>The result of a login to a stored account.</summary>
/// <param name="Row">The account.</param>
/// <param name="Session">The part of it that the session needs.</param>
/// <param name="Generation">The <see cref="AccountWatch.Generation"/> read before the account.</param>
internal sealed record StoredLogin(AccountRow Row, SessionAccount Session, long Generation);
