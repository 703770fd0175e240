using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ZeroFtp.Tests.Storage.ZeroStor.Direct;

/// <summary>
/// A 0-db server for tests: the commands that a client of 0-stor needs, in sequential mode, with the habits that 0-db 2.0.7 was seen to have. Keys count
/// from 0 in a namespace and begin again when it is emptied; reads do not verify
/// the checksum; a deletion frees no number; deleting twice is an error.
/// </summary>
internal sealed class ZeroDbServer : IAsyncDisposable
{
    public const string Namespace = "zeroftp";

    private readonly ConcurrentDictionary<ulong, Entry> _entries = new();
    private readonly ConcurrentDictionary<Socket, byte> _connections = new();
    private readonly string _password;
    private readonly Lock _state = new();
    private readonly int _port;
    private Socket? _listener;
    private TaskCompletionSource _going = Gone();
    private long _next;

    public ZeroDbServer(string password = "")
    {
        _password = password;
        _going.SetResult();
        _port = Listen(0);
    }

    /// <summary>What references call it.</summary>
    public string Id => $"{Namespace}@127.0.0.1:{_port}";

    /// <summary>Refuses to store more.</summary>
    public bool IsFull { get; set; }

    /// <summary>How many parts were asked for.</summary>
    public int Gets;

    public int Count => _entries.Count;

    public IReadOnlyCollection<ulong> Keys => [.. _entries.Keys];

    /// <summary>Takes the server away, with its connections, or starts it again on its port.</summary>
    public void SetDown(bool isDown)
    {
        lock (_state)
        {
            if (!isDown)
            {
                if (_listener is null)
                    Listen(_port);
                return;
            }
            _listener?.Dispose();
            _listener = null;
        }
        foreach (Socket connection in _connections.Keys)
            connection.Dispose();
    }

    /// <summary>Lets every command wait until this is taken back.</summary>
    public void SetHung(bool isHung)
    {
        if (isHung)
            _going = Gone();
        else
            _going.TrySetResult();
    }

    /// <summary>Forgets all parts, as a server that comes back with an empty directory: keys begin at 0 again.</summary>
    public void Empty()
    {
        _entries.Clear();
        Interlocked.Exchange(ref _next, 0);
    }

    /// <summary>Changes a byte of every part.</summary>
    public void FlipAll()
    {
        foreach (Entry entry in _entries.Values)
            entry.Value[entry.Value.Length / 2] ^= 0x40;
    }

    public ValueTask DisposeAsync()
    {
        SetDown(true);
        _going.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource Gone() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int Listen(int port)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        _listener = listener;
        _ = AcceptAsync(listener);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The server was taken away.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _connections[socket] = 0;
        try
        {
            await using NetworkStream stream = new(socket, ownsSocket: true);
            await using BufferedStream input = new(stream, 64 * 1024);
            string challenge = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            bool isSelected = false;
            while (await ReadCommandAsync(input) is { } command)
            {
                await _going.Task;
                byte[] reply = Encoding.ASCII.GetString(command[0]).ToUpperInvariant() switch
                {
                    "AUTH" => Line($"+{challenge}"),
                    "SELECT" => Select(command, challenge, ref isSelected),
                    "PING" => Line("+PONG"),
                    _ when !isSelected => Line("-Permission denied"),
                    "SET" => Set(command[1], command[2]),
                    "GET" => Get(command[1]),
                    "DEL" => TryFind(command[1], out ulong key, out _) && _entries.TryRemove(key, out _) ? Line("+OK") : Line("-Key not found"),
                    "LENGTH" => TryFind(command[1], out _, out Entry? entry) ? Line($":{entry.Value.Length}") : Line("$-1"),
                    "CHECK" => TryFind(command[1], out _, out Entry? entry) ? Line(Crc32.HashToUInt32(entry.Value) == entry.Checksum ? ":1" : ":0") : Line("$-1"),
                    _ => Line("-Command not supported"),
                };
                await stream.WriteAsync(reply);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The client or the server went away.
        }
        finally
        {
            _connections.TryRemove(socket, out _);
        }
    }

    private byte[] Select(List<byte[]> command, string challenge, ref bool isSelected)
    {
        string proof = command.Count > 3 ? Encoding.ASCII.GetString(command[3]) : command.Count > 2 ? Encoding.UTF8.GetString(command[2]) : "";
        // The protocol of 0-db prescribes SHA-1.
#pragma warning disable CA5350
        string right = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{challenge}:{_password}")));
#pragma warning restore CA5350
        bool isRight = Encoding.UTF8.GetString(command[1]) == Namespace && (_password.Length == 0 || proof == _password || proof == right);
        isSelected |= isRight;
        return Line(isRight ? "+OK" : "-Access denied");
    }

    private byte[] Set(byte[] key, byte[] value)
    {
        if (key.Length > 0)
            return Line("-Invalid key, only update authorized");
        if (IsFull)
            return Line("-No space left on this namespace");
        ulong number = (ulong)Interlocked.Increment(ref _next) - 1;
        _entries[number] = new Entry(value, Crc32.HashToUInt32(value));
        byte[] name = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(name, number);
        return Bulk(name);
    }

    private byte[] Get(byte[] key)
    {
        Interlocked.Increment(ref Gets);
        return TryFind(key, out _, out Entry? entry) ? Bulk(entry.Value) : Line("$-1");
    }

    private bool TryFind(byte[] key, out ulong number, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Entry? entry)
    {
        (number, entry) = (0, null);
        if (key.Length != 8)
            return false;
        // Only 32 bits of a key count.
        number = (uint)BinaryPrimitives.ReadUInt64LittleEndian(key);
        return _entries.TryGetValue(number, out entry);
    }

    private static byte[] Line(string text) => Encoding.ASCII.GetBytes(text + "\r\n");

    private static byte[] Bulk(byte[] value) => [.. Line($"${value.Length}"), .. value, .. "\r\n"u8];

    private static async Task<List<byte[]>?> ReadCommandAsync(Stream input)
    {
        if (await ReadLineAsync(input) is not { } line)
            return null;
        if (!line.StartsWith('*'))
            throw new IOException("Malformed request, array expected");
        List<byte[]> items = [];
        for (int count = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture); items.Count < count;)
        {
            int length = int.Parse((await ReadLineAsync(input))!.AsSpan(1), CultureInfo.InvariantCulture);
            if (length > 8 * 1024 * 1024)
                throw new IOException("Payload too big");
            byte[] item = new byte[length];
            await input.ReadExactlyAsync(item);
            await ReadLineAsync(input);
            items.Add(item);
        }
        return items;
    }

    private static async Task<string?> ReadLineAsync(Stream input)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (await input.ReadAsync(one) > 0)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
        return null;
    }

    private sealed record Entry(byte[] Value, uint Checksum);
}
