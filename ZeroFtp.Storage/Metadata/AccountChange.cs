
namespace ZeroFtp.Storage.Metadata;

/// <summary>A change of an account: it was changed, given a new password, or removed.</summary>
/// <param name="Id">The number of the change, one more than the one before.</param>
/// <param name="Account">The account.</param>
/// <param name="Password">True if it was given a new password. The renewal of a hash at a login does not count.</param>
internal readonly record struct AccountChange(long Id, string Account, bool Password);

/// <summary>What the server processes have done about the last change of an account.</summary>
/// <param name="Servers">The number of server processes.</param>
/// <param name="Answered">How many of them have applied the change.</param>
/// <param name="Ended">Sessions that they ended.</param>
/// <param name="Kept">Sessions of the account that continue there.</param>
internal readonly record struct AccountChangeEffect(int Servers, int Answered, int Ended, int Kept);
