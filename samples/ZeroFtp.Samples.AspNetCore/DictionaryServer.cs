using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Samples.AspNetCore;

/// <summary>Lets one user in. A real one would ask the application's own users.</summary>
internal sealed class DictionaryServer(DictionaryStore store) : IServerDriver
{
    public ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken) => ValueTask.FromResult<LoginResult>(
        request.Password is null ? new LoginResult.NeedPassword()
        : request is { User: "demo", Password: "demo" } ? new LoginResult.Accepted(new DictionaryDriver(store))
        : new LoginResult.Rejected("unknown user or wrong password"));
}
