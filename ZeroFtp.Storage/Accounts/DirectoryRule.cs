using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// The permissions of an account in one directory and below it. An upload-only directory has <c>Write | MakeDirectory</c> without <c>List</c> and <c>Read</c>.
/// </summary>
/// <param name="Path">The directory, absolute within the account's own tree.</param>
/// <param name="Permissions">The permissions there.</param>
public sealed record DirectoryRule(string Path, FtpPermissions Permissions);
