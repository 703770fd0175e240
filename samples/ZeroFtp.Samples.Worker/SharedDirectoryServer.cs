using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Samples.Worker;

/// <summary>The directory that is served.</summary>
internal sealed record SharedDirectory(string Path);

/// <summary>Lets anonymous users in, to read.</summary>
internal sealed class SharedDirectoryServer(SharedDirectory directory) : IServerDriver
{
    public ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken) => ValueTask.FromResult<LoginResult>(
        request.Password is null ? new LoginResult.NeedPassword()
        : request.User is "anonymous" or "ftp" ? new LoginResult.Accepted(new DirectoryDriver(directory.Path)) { Permissions = FtpPermissions.ReadOnly, IsAnonymous = true }
        : new LoginResult.Rejected("only anonymous users are let in"));
}
