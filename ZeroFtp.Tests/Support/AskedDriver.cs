using System.Net.Security;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Support;

/// <summary>A server driver that counts what another one is asked, and can hold its answer to a password back.</summary>
internal sealed class AskedDriver(IServerDriver inner) : IServerDriver
{
    private int _passwords;
    private int _left;

    /// <summary>How many passwords were to be compared.</summary>
    public int Passwords => Volatile.Read(ref _passwords);

    /// <summary>How many sessions were said to have left.</summary>
    public int Left => Volatile.Read(ref _left);

    /// <summary>What is awaited between the finding of a result and its telling.</summary>
    public Func<LoginRequest, Task> BeforeAnswer { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What is awaited before a password is compared.</summary>
    public Func<LoginRequest, CancellationToken, Task> BeforePassword { get; set; } = static (_, _) => Task.CompletedTask;

    public bool OffersTls => inner.OffersTls;

    public ValueTask<WelcomeResult> WelcomeAsync(FtpSessionInfo session, CancellationToken cancellationToken) => inner.WelcomeAsync(session, cancellationToken);

    public ValueTask LeftAsync(FtpSessionInfo session)
    {
        Interlocked.Increment(ref _left);
        return inner.LeftAsync(session);
    }

    public async ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken)
    {
        if (request.Password is not null)
            Interlocked.Increment(ref _passwords);
        if (request.Password is not null)
            await BeforePassword(request, cancellationToken);
        LoginResult result = await inner.AuthenticateAsync(request, cancellationToken);
        await BeforeAnswer(request);
        return result;
    }

    public ValueTask<SslServerAuthenticationOptions?> GetTlsOptionsAsync(TlsRequest request, CancellationToken cancellationToken) => inner.GetTlsOptionsAsync(request, cancellationToken);
}
