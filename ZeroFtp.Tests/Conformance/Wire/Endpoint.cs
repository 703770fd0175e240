using System.Net.Security;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>One TCP connection, clear or protected, with a deadline on every read; the common part of control and data connections.</summary>
internal abstract class Endpoint(Socket socket) : IAsyncDisposable
{
    private NetworkStream? _clear;

    public Socket Socket { get; } = socket;

    public SslStream? Tls { get; private set; }

    /// <summary>The record reader under TLS; kept after TLS ended.</summary>
    public TlsTap? Tap { get; private set; }

    protected Stream Stream => Tls ?? (Stream)Clear;

    private NetworkStream Clear => _clear ??= new NetworkStream(Socket, ownsSocket: false);

    /// <summary>Shakes hands as TLS client, or as TLS server when <paramref name="server"/> says how.</summary>
    public async Task HandshakeAsync(TlsSettings settings, TimeSpan deadline, SslServerAuthenticationOptions? server = null)
    {
        Tap = new TlsTap(Clear);
        SslStream tls = new(Tap, leaveInnerStreamOpen: true);
        using CancellationTokenSource timeout = new(deadline);
        try
        {
            if (server is null)
                await tls.AuthenticateAsClientAsync(settings.ToOptions(), timeout.Token);
            else
                await tls.AuthenticateAsServerAsync(server, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            await tls.DisposeAsync();
            Verify.Fail($"TLS handshake not finished within {deadline.TotalSeconds} s");
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }

        Tls = tls;
    }

    /// <summary>Ends TLS from this side and reads the server's closure; the connection goes on in clear.</summary>
    public async Task LeaveTlsAsync(TimeSpan deadline)
    {
        SslStream tls = Tls ?? throw new InvalidOperationException("The connection is not protected.");
        using CancellationTokenSource timeout = new(deadline);
        try
        {
            await tls.ShutdownAsync().WaitAsync(timeout.Token);
            byte[] rest = new byte[1];
            if (await tls.ReadAsync(rest, timeout.Token) != 0)
                Verify.Fail("data instead of close_notify");
        }
        catch (OperationCanceledException)
        {
            Verify.Fail($"no close_notify within {deadline.TotalSeconds} s");
        }

        await tls.DisposeAsync();
        Tls = null;
    }

    /// <summary>Reads what is there, at most <paramref name="buffer"/>; 0 is the end, -1 a reset. Fails when nothing came in time.</summary>
    protected async Task<int> ReadSomeAsync(Memory<byte> buffer, TimeSpan deadline, string awaited)
    {
        using CancellationTokenSource timeout = new(deadline);
        try
        {
            return await Stream.ReadAsync(buffer, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new CheckFailedException($"no {awaited} within {deadline.TotalSeconds:0.###} s");
        }
        catch (IOException)
        {
            return -1;
        }
    }

    /// <summary>Closes the sending direction only.</summary>
    public void HalfClose() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with RST.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Tls is not null)
            await Tls.DisposeAsync();
        Socket.Dispose();
    }
}
