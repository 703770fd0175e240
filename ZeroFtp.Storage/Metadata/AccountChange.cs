
namespace ZeroFtp.Storage.Metadata;

/// <summary>That an account was changed, given a new password or removed.</summary>
/// <param name="Id">The number of the change, one above the one before it.</param>
/// <param name="Account">The account.</param>
/// <param name="Password">Whether it was given a new password. The renewal of a hash at a login is none.</param>
internal readonly record struct AccountChange(long Id, string Account, bool Password);

/// <summary>What the serving processes have done about the last change of an account.</summary>
/// <param name="Servers">How many there are.</param>
/// <param name="Answered">How many have dealt with the change.</param>
/// <param name="Ended">Sessions that those ended.</param>
/// <param name="Kept">Sessions of the account that go on there.</param>
internal readonly record struct AccountChangeEffect(int Servers, int Answered, int Ended, int Kept);
