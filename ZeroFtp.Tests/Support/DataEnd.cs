using System.IO.Compression;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;

namespace ZeroFtp.Tests.Support;

/// <summary>The client's end of a data connection. Its TLS handshake, if any, runs as soon as the server takes part.</summary>
internal sealed class DataEnd
{
    private readonly DuplexStream _transport;
    private readonly Task<Stream> _stream;

    public DataEnd(DuplexStream transport, bool protect, SslProtocols protocols = SslProtocols.None, string host = "server.test", bool resume = true)
    {
        _transport = transport;
        _stream = protect ? Task.Run(() => SecureAsync(MemoryClient.ClientOptions(protocols, host, resume: resume))) : Task.FromResult<Stream>(transport);
    }

    /// <summary>Whether the server closed without ado, as by a reset. Known in clear only.</summary>
    public bool WasReset => _transport.Peer!.WasAborted;

    public DuplexStream Transport => _transport;

    /// <summary>The stream once it is ready: after the handshake.</summary>
    public Task<Stream> Stream => _stream.WaitAsync(MemoryServer.Patience);

    /// <summary>Announces a passive port and connects to it.</summary>
    public static async Task<DataEnd> OpenAsync(MemoryClient client)
    {
        string reply = await client.SendAsync("EPSV", 229);
        int port = int.Parse(reply.Split('|')[3], System.Globalization.CultureInfo.InvariantCulture);
        return new DataEnd(client.Server.Data.Dial(port, client.Address), client.ProtectsData);
    }

    /// <summary>All bytes up to the end; this end is closed then.</summary>
    public async Task<string> ReadToEndAsync(bool inflate = false)
    {
        Stream stream = await Stream;
        MemoryStream content = new();
        await Task.Run(() => stream.CopyToAsync(content)).WaitAsync(MemoryServer.Patience);
        await CloseAsync();
        content.Position = 0;
        if (!inflate)
            return Encoding.Latin1.GetString(content.ToArray());
        using ZLibStream zlib = new(content, CompressionMode.Decompress);
        MemoryStream plain = new();
        await zlib.CopyToAsync(plain);
        return Encoding.Latin1.GetString(plain.ToArray());
    }

    public async Task WriteAsync(string bytes)
    {
        Stream stream = await Stream;
        await Task.Run(() => stream.WriteAsync(MemoryClient.Octets(bytes)).AsTask()).WaitAsync(MemoryServer.Patience);
    }

    /// <summary>Sends bytes and closes.</summary>
    public async Task SendAsync(string bytes)
    {
        await WriteAsync(bytes);
        await CloseAsync();
    }

    /// <summary>Closes, under TLS with close_notify.</summary>
    public async Task CloseAsync()
    {
        Stream stream = await Stream;
        await Task.Run(async () =>
        {
            if (stream is SslStream tls)
                await tls.ShutdownAsync();
            await _transport.DisposeAsync();
        }).WaitAsync(MemoryServer.Patience);
    }

    /// <summary>Breaks the connection.</summary>
    public Task ResetAsync() => Task.Run(_transport.Reset);

    private async Task<Stream> SecureAsync(SslClientAuthenticationOptions options)
    {
        SslStream tls = new(_transport, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsClientAsync(options);
        return tls;
    }
}
