using System.Net;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Interop;

/// <summary>The built program with one account, for all tests of one class: a clear port with explicit TLS, and an implicit port.</summary>
public class InteropServer : IAsyncLifetime
{
    public const string User = "partner";
    public const string Password = "s3cret-word";
    private readonly TemporaryDirectory _directory = new();
    private ZeroFtpProgram? _program;

    public int Port { get; private set; }

    public int ImplicitPort { get; private set; }

    /// <summary>The certificate that clients trust.</summary>
    public string Certificate => Path.Combine(Data, "tls", "certificate.pem");

    private string Data => Path.Combine(_directory.Path, "data");

    public async ValueTask InitializeAsync()
    {
        await PrepareAsync(_directory.Path);
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, Password + "\n", "user", "add", User, "--password-stdin", "--data", Data);
        Assert.True(code == 0, errors);
        _program = ZeroFtpProgram.Start(
            _directory.Path, "serve", "--listen", "127.0.0.1:0", "--listen-implicit", "127.0.0.1:0", "--data", Data, "--durability", "relaxed", "--no-login-limits");
        Port = (await _program.WaitForListenerAsync()).Port;
        ImplicitPort = (await _program.WaitForListenerAsync()).Port;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_program is not null)
        {
            _program.Terminate();
            int code = await _program.WaitForExitAsync();
            await _program.DisposeAsync();
            Assert.Equal(0, code);
        }
        await ReleaseAsync();
        _directory.Dispose();
    }

    /// <summary>Makes what the program needs; the directory is where it looks for its configuration.</summary>
    protected virtual Task PrepareAsync(string directory) => Task.CompletedTask;

    protected virtual Task ReleaseAsync() => Task.CompletedTask;
}
