using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZeroFtp.Benchmarks.Support;

/// <summary>As little of a client as measuring needs.</summary>
internal sealed class Client : IDisposable
{
    public const string User = "alice";
    public const string Password = "s3cret-word";

    private readonly TcpClient _control = new() { NoDelay = true };
    private readonly IPEndPoint _address;
    private readonly StreamReader _reader;

    private Client(IPEndPoint address)
    {
        _address = address;
        _control.Connect(address);
        _reader = new StreamReader(_control.GetStream());
    }

    public static async Task<Client> LoginAsync(IPEndPoint address)
    {
        Client client = new(address);
        await client.ReadAsync();
        await client.SendAsync("USER " + User);
        await client.SendAsync("PASS " + Password);
        await client.SendAsync("TYPE I");
        return client;
    }

    public async Task StoreAsync(string path, byte[] buffer, long length)
    {
        using (TcpClient data = await OpenAsync())
        {
            await SendAsync("STOR " + path);
            for (long sent = 0; sent < length; sent += buffer.Length)
                await data.GetStream().WriteAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - sent)));
        }
        await ReadAsync();
    }

    /// <summary>Downloads and throws away.</summary>
    /// <returns>How many octets, and when the first came, counted from the command.</returns>
    public async Task<(long Count, TimeSpan First)> RetrieveAsync(string command, byte[] buffer)
    {
        long count = 0;
        TimeSpan first = default;
        using (TcpClient data = await OpenAsync())
        {
            long began = Stopwatch.GetTimestamp();
            await SendAsync(command);
            for (int some; (some = await data.GetStream().ReadAsync(buffer)) > 0; count += some)
            {
                if (count == 0)
                    first = Stopwatch.GetElapsedTime(began);
            }
        }
        await ReadAsync();
        return (count, first);
    }

    public async Task<string> SendAsync(string command)
    {
        await _control.GetStream().WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"));
        return await ReadAsync();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _control.Dispose();
    }

    private async Task<TcpClient> OpenAsync()
    {
        int port = int.Parse((await SendAsync("EPSV")).Split('|')[3], CultureInfo.InvariantCulture);
        TcpClient data = new();
        await data.ConnectAsync(_address.Address, port);
        return data;
    }

    private async Task<string> ReadAsync()
    {
        string line;
        do
            line = await _reader.ReadLineAsync() ?? throw new IOException("The server closed the connection.");
        while (line.Length < 4 || line[3] != ' ');
        return line[0] is '1' or '2' or '3' ? line : throw new IOException(line);
    }
}
