using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>A data connection. When the session's level is Private the handshake happens with the first octet, or when <see cref="SecureAsync"/> is called.</summary>
internal sealed class DataConnection(Socket socket, Session session) : Endpoint(socket)
{
    private readonly bool _protected = session.IsPrivate;
    private bool _left;

    public IPEndPoint Remote => (IPEndPoint)Socket.RemoteEndPoint!;

    public IPEndPoint Local => (IPEndPoint)Socket.LocalEndPoint!;

    /// <summary>Whether the server ended the connection by RST instead of FIN.</summary>
    public bool WasReset { get; private set; }

    /// <summary>Shakes hands if the session's data level is Private and it has not happened yet.</summary>
    public async Task SecureAsync()
    {
        if (_protected && Tls is null && !_left)
            await HandshakeAsync(session.DataTls, session.Patience);
    }

    /// <summary>Reads to the end of the connection and then ends it from this side too, as every client does: some servers reply only after that.</summary>
    public async Task<byte[]> ReadToEndAsync(TimeSpan? deadline = null)
    {
        await SecureAsync();
        using MemoryStream all = new();
        byte[] buffer = new byte[64 * 1024];
        int count;
        while ((count = await ReadSomeAsync(buffer, deadline ?? session.Patience, "data or end of data")) > 0)
            all.Write(buffer, 0, count);
        WasReset = count < 0;
        byte[] data = all.ToArray();
        session.Record("D>", data);
        if (WasReset)
            session.Note("data connection reset by the server");
        else
            await LeaveAsync();
        return data;
    }

    /// <summary>Reads exactly so many octets.</summary>
    public async Task<byte[]> ReadExactlyAsync(int count, TimeSpan? deadline = null)
    {
        await SecureAsync();
        byte[] data = new byte[count];
        int got = 0;
        while (got < count)
        {
            int read = await ReadSomeAsync(data.AsMemory(got), deadline ?? session.Patience, "data");
            if (read <= 0)
                throw new CheckFailedException($"the data connection ended after {got} of {count} octets");
            got += read;
        }

        session.Record("D>", data);
        return data;
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> data)
    {
        await SecureAsync();
        session.Record("D<", data.Span);
        using CancellationTokenSource timeout = new(session.Patience);
        try
        {
            await Stream.WriteAsync(data, timeout.Token);
            await Stream.FlushAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new CheckFailedException($"the server did not take {data.Length} octets of data within {session.Patience.TotalSeconds} s");
        }
    }

    public Task WriteAsync(string latin1) => WriteAsync(Octets.Raw(latin1));

    /// <summary>Ends the data as a well-behaved client does: close_notify where there is TLS, then FIN.</summary>
    public async Task CloseAsync()
    {
        await SecureAsync();
        if (Tls is not null)
            await Tls.ShutdownAsync();
        HalfClose();
        _left = true;
    }

    /// <summary>
    /// Reads what the server still says after an upload: its closure, and before it the session tickets without which the next data connection cannot resume.
    /// </summary>
    public async Task DrainAsync()
    {
        byte[] buffer = new byte[256];
        try
        {
            while (await ReadSomeAsync(buffer, session.Patience, "end of the data connection") > 0)
                session.Note("the server sent data during an upload");
        }
        catch (CheckFailedException late)
        {
            session.Note(late.Message);
        }
    }

    /// <summary>Ends our side after the server has ended its own; by then it may be gone altogether.</summary>
    private async Task LeaveAsync()
    {
        if (_left)
            return;
        _left = true;
        try
        {
            if (Tls is not null)
                await Tls.ShutdownAsync();
            HalfClose();
        }
        catch (Exception gone) when (gone is IOException or SocketException or InvalidOperationException)
        {
            session.Note("the server had closed the data connection altogether");
        }
    }

    /// <summary>
    /// Ends an upload as clients do that unwrap: close_notify, the server's own (read by its record, since nothing else can follow), FIN.
    /// </summary>
    public async Task UnwrapAsync()
    {
        await SecureAsync();
        await Tls!.ShutdownAsync();
        using CancellationTokenSource timeout = new(session.Patience);
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (!Tap!.LastIsAlert && await Tap.ReadAsync(buffer, timeout.Token) > 0)
            {
            }

            HalfClose();
        }
        catch (OperationCanceledException)
        {
            throw new CheckFailedException($"the server did not answer close_notify within {session.Patience.TotalSeconds} s");
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            WasReset = true;
        }
    }

    /// <summary>Verifies that the server closes without having sent anything.</summary>
    public async Task ExpectNothingAsync(TimeSpan? deadline = null)
    {
        byte[] buffer = new byte[1024];
        int count = await ReadSomeAsync(buffer, deadline ?? session.Patience, "end of the data connection");
        if (count > 0)
            Verify.Fail($"expected no data, saw {Octets.Show(buffer.AsSpan(0, count))}");
    }
}
