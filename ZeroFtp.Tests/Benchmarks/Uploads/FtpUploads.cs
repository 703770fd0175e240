using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ZeroFtp.Protocol;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Benchmarks.Uploads;

/// <summary>The same through the whole server: EPSV, a data connection over loopback and STOR, in this process.</summary>
internal sealed class FtpUploads : IUploads
{
    private readonly EmbeddedStorage _storage;
    private readonly FtpServer _server;
    private readonly IPEndPoint _address;
    private readonly ConcurrentBag<Session> _sessions = [];

    private FtpUploads(EmbeddedStorage storage, FtpServer server, IPEndPoint address) => (_storage, _server, _address) = (storage, server, address);

    public static async Task<FtpUploads> OpenAsync(string directory, Durability durability)
    {
        EmbeddedStorage storage = await EmbeddedStorage.OpenAsync(new StorageOptions { DataDirectory = directory, Durability = durability, FreeSpaceFloorBytes = 0 });
        await storage.Accounts.AddAsync(new Account { Name = "bench" }, "bench");
        FtpServer server = new(new FtpServerOptions { EndPoints = [new FtpEndPoint(new IPEndPoint(IPAddress.Loopback, 0))], Tls = new FtpTlsOptions { Policy = FtpTlsPolicy.Off } }, storage.Driver);
        await server.StartAsync();
        return new FtpUploads(storage, server, server.EndPoints[0]);
    }

    public async Task<Func<byte[], Task>> OpenSessionAsync(int number)
    {
        Session session = new(_address);
        _sessions.Add(session);
        await session.LogInAsync();
        int next = 0;
        return content => session.StoreAsync($"{number}-{next++}", content);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Session session in _sessions)
            session.Dispose();
        await _server.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private sealed class Session(IPEndPoint address) : IDisposable
    {
        private readonly Socket _control = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[1024];

        public async Task LogInAsync()
        {
            await _control.ConnectAsync(address);
            await ReadAsync(220);
            await SendAsync("USER bench", 331);
            await SendAsync("PASS bench", 230);
            await SendAsync("TYPE I", 200);
        }

        public async Task StoreAsync(string name, byte[] content)
        {
            string reply = await SendAsync("EPSV", 229);
            using (Socket data = new(SocketType.Stream, ProtocolType.Tcp))
            {
                await data.ConnectAsync(new IPEndPoint(address.Address, int.Parse(reply.Split('|')[3], CultureInfo.InvariantCulture)));
                await SendAsync("STOR " + name, 150);
                await data.SendAsync(content);
                data.Shutdown(SocketShutdown.Send);
            }
            await ReadAsync(226);
        }

        public void Dispose() => _control.Dispose();

        private async Task<string> SendAsync(string command, int code)
        {
            await _control.SendAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
            return await ReadAsync(code);
        }

        // One reply of one line at a time comes here: nothing is pipelined.
        private async Task<string> ReadAsync(int code)
        {
            int length = 0;
            do
            {
                int count = await _control.ReceiveAsync(_buffer.AsMemory(length));
                length = count > 0 ? length + count : throw new IOException("The server closed the connection.");
            }
            while (_buffer[length - 1] != '\n');
            string reply = Encoding.ASCII.GetString(_buffer, 0, length);
            return reply.StartsWith(code.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) ? reply : throw new IOException("Expected " + code + ", not: " + reply);
        }
    }
}
