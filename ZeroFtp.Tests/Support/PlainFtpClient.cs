using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZeroFtp.Tests.Support;

/// <summary>As little of a client as tests of the program need: one session in clear, passive transfers of short texts. A reply of another group than expected is an error, and so is one that does not come.</summary>
internal sealed class PlainFtpClient : IAsyncDisposable
{
    private readonly TcpClient _control = new();
    private readonly IPEndPoint _address;
    private StreamReader _reader = StreamReader.Null;

    private PlainFtpClient(IPEndPoint address) => _address = address;

    public static async Task<PlainFtpClient> ConnectAsync(IPEndPoint address, string user, string password)
    {
        PlainFtpClient client = new(address);
        await client._control.ConnectAsync(address).WithinAsync($"a connection to {address}");
        client._reader = new StreamReader(client._control.GetStream());
        await client.ReadAsync('2');
        await client.SendAsync($"USER {user}", '3');
        await client.SendAsync($"PASS {password}", '2');
        await client.SendAsync("TYPE I", '2');
        return client;
    }

    public async Task StoreAsync(string path, string content)
    {
        using (TcpClient data = await OpenDataAsync())
        {
            await SendAsync($"STOR {path}", '1');
            await data.GetStream().WriteAsync(Encoding.UTF8.GetBytes(content)).AsTask().WithinAsync($"the server takes the data of {path}");
        }
        await ReadAsync('2');
    }

    public async Task<string> RetrieveAsync(string path)
    {
        using TcpClient data = await OpenDataAsync();
        await SendAsync($"RETR {path}", '1');
        string content = await new StreamReader(data.GetStream()).ReadToEndAsync().WithinAsync($"the end of the data of {path}");
        await ReadAsync('2');
        return content;
    }

    /// <summary>Begins an upload and sends some of it; the data connection stays open until the answer is disposed.</summary>
    public async Task<TcpClient> BeginStoreAsync(string path, byte[] bytes)
    {
        TcpClient data = await OpenDataAsync();
        await SendAsync($"STOR {path}", '1');
        await data.GetStream().WriteAsync(bytes).AsTask().WithinAsync($"the server takes the data of {path}");
        return data;
    }

    /// <summary>Connects for data and sends the command; what comes after a first reply of 1xx is the caller's.</summary>
    public async Task<(TcpClient Data, string Reply)> OpenDataAsync(string path, string verb)
    {
        TcpClient data = await OpenDataAsync();
        return (data, await SendAsync($"{verb} {path}", null));
    }

    /// <summary>The names in a directory.</summary>
    public async Task<string[]> ListAsync(string path)
    {
        using TcpClient data = await OpenDataAsync();
        await SendAsync($"NLST {path}", '1');
        string names = await new StreamReader(data.GetStream()).ReadToEndAsync().WithinAsync($"the end of the data of {path}");
        await ReadAsync('2');
        return names.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    public async Task<string> SendAsync(string command, char? group)
    {
        await _control.GetStream().WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n")).AsTask().WithinAsync("the server takes " + command);
        return await ReadAsync(group);
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _control.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next reply, which has to be of the group unless that is null.</summary>
    public async Task<string> ReadAsync(char? group)
    {
        string line;
        do
            line = await _reader.ReadLineAsync().WithinAsync($"a reply of {_address}") ?? throw new IOException("The server closed the connection.");
        while (line.Length < 4 || !char.IsAsciiDigit(line[0]) || line[3] != ' ');
        return group is null || line[0] == group ? line : throw new IOException($"Expected a reply of the group {group}xx, not: {line}");
    }

    private async Task<TcpClient> OpenDataAsync()
    {
        string reply = await SendAsync("EPSV", '2');
        int port = int.Parse(reply.Split('|')[3], CultureInfo.InvariantCulture);
        TcpClient data = new();
        await data.ConnectAsync(_address.Address, port).WithinAsync($"a data connection to {_address.Address} at port {port}");
        return data;
    }
}
