using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>What an account may do in one directory and below it. An upload-only directory is <c>Write | MakeDirectory</c> without <c>List</c> and <c>Read</c>.</summary>
/// <param name="Path">The directory, absolute within the account's own tree.</param>
/// <param name="Permissions">What is allowed there.</param>
public sealed record DirectoryRule(string Path, FtpPermissions Permissions);
