using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ZeroFtp.Tests.Support;

/// <summary>A client in memory. Lines and contents are byte strings: one character an byte. Nothing waits longer than the patience of the tests.</summary>
internal sealed class MemoryClient(MemoryServer server, DuplexStream transport, IPAddress address) : IAsyncDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private SslStream? _tls;

    public MemoryServer Server => server;

    public IPAddress Address => address;

    public DuplexStream Transport => transport;

    public SslStream? Tls => _tls;

    /// <summary>Ends when the server has done with the connection.</summary>
    public Task Serving { get; set; } = Task.CompletedTask;

    /// <summary>Whether data connections are to be put under TLS.</summary>
    public bool ProtectsData { get; set; }

    /// <summary>Whether the server has sent something that was not read; known in clear only.</summary>
    public bool HasUnread => _end > _start || (_tls is null && !transport.IsClosed && transport.HasUnread);

    private Stream Stream => (Stream?)_tls ?? transport;

    public static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text);

    public Task WriteAsync(string bytes) => WriteAsync(Octets(bytes));

    public Task WriteAsync(byte[] bytes) => Task.Run(() => Stream.WriteAsync(bytes).AsTask()).WaitAsync(MemoryServer.Patience);

    /// <summary>The next line without its CRLF; null at the end.</summary>
    public async Task<string?> ReadLineAsync()
    {
        for (int looked = 0; ;)
        {
            int found = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf("\r\n"u8);
            if (found >= 0)
            {
                string line = Encoding.Latin1.GetString(_buffer, _start, looked + found);
                _start += looked + found + 2;
                return line;
            }
            looked = Math.Max(0, _end - _start - 1);
            if (!await FillAsync())
                return _end == _start ? null : throw new IOException("The connection ended within a line.");
        }
    }

    /// <summary>A whole reply, its lines separated by LF.</summary>
    public async Task<string> ReadReplyAsync()
    {
        StringBuilder reply = new();
        while (true)
        {
            string line = await ReadLineAsync() ?? throw new IOException($"The connection ended instead of a reply. {reply}");
            reply.Append(reply.Length == 0 ? "" : "\n").Append(line);
            if (line.Length >= 4 && line[3] == ' ' && char.IsAsciiDigit(line[0]) && line[..3] == reply.ToString(0, 3))
                return reply.ToString();
        }
    }

    /// <summary>Sends a command and returns its reply.</summary>
    public async Task<string> SendAsync(string command)
    {
        await WriteAsync(command + "\r\n");
        return await ReadReplyAsync();
    }

    /// <summary>Sends a command and expects a code.</summary>
    public async Task<string> SendAsync(string command, int code)
    {
        await WriteAsync(command + "\r\n");
        return await ExpectAsync(code);
    }

    public async Task<string> ExpectAsync(int code)
    {
        string reply = await ReadReplyAsync();
        Assert.StartsWith(code.ToString(CultureInfo.InvariantCulture), reply, StringComparison.Ordinal);
        return reply;
    }

    /// <summary>Expects that the server closes and says nothing more.</summary>
    public async Task ExpectEndAsync() => Assert.Null(await ReadLineAsync());

    public async Task LoginAsync(string user = "alice")
    {
        await SendAsync($"USER {user}", 331);
        await SendAsync("PASS secret", 230);
        await SendAsync("TYPE I", 200);
    }

    /// <summary>Starts TLS as its client.</summary>
    public async Task SecureAsync(SslProtocols protocols = SslProtocols.None, string host = "server.test", X509Certificate2? certificate = null, bool resume = true)
    {
        SslStream tls = new(transport, leaveInnerStreamOpen: true);
        await Task.Run(() => tls.AuthenticateAsClientAsync(ClientOptions(protocols, host, certificate, resume))).WaitAsync(MemoryServer.Patience);
        _tls = tls;
    }

    /// <summary>Says AUTH TLS and starts TLS; with <paramref name="protectData"/> also PBSZ and PROT P.</summary>
    public async Task AuthTlsAsync(SslProtocols protocols = SslProtocols.None, bool protectData = false, string host = "server.test", bool resume = true)
    {
        await SendAsync("AUTH TLS", 234);
        await SecureAsync(protocols, host, resume: resume);
        if (!protectData)
            return;
        await SendAsync("PBSZ 0", 200);
        await SendAsync("PROT P", 200);
        ProtectsData = true;
    }

    /// <summary>Goes back to clear text after CCC or REIN.</summary>
    /// <param name="politely">Whether close_notify is sent and the server's awaited.</param>
    public async Task ReturnToClearAsync(bool politely = true)
    {
        SslStream tls = _tls!;
        Assert.Equal(0, await Task.Run(() => tls.ReadAsync(_buffer).AsTask()).WaitAsync(MemoryServer.Patience));
        if (politely)
            await Task.Run(tls.ShutdownAsync).WaitAsync(MemoryServer.Patience);
        _tls = null;
        ProtectsData = false;
    }

    public static SslClientAuthenticationOptions ClientOptions(SslProtocols protocols, string host, X509Certificate2? certificate = null, bool resume = true) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = protocols,
        AllowTlsResume = resume,
        ClientCertificates = certificate is null ? null : [certificate],
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };

    public ValueTask DisposeAsync() => transport.DisposeAsync();

    private async Task<bool> FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            throw new IOException("A line is endless.");
        int count = await Server.WaitAsync(Task.Run(() => Stream.ReadAsync(_buffer.AsMemory(_end)).AsTask()));
        _end += count;
        return count > 0;
    }
}
