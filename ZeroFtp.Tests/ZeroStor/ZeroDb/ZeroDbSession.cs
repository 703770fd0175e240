using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ZeroFtp.ZeroStor.Shards;

namespace ZeroFtp.ZeroStor.ZeroDb;

/// <summary>One connection: what it has selected, and the replies to its commands.</summary>
internal sealed class ZeroDbSession(ZeroDbServer server)
{
    private const int KeyLength = 8;

    /// <summary>Where a scan goes on, as 17 bytes that only the server understands.</summary>
    private const int CursorLength = 17;

    private const int ScanPage = 1_000;

    private readonly string _challenge = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private bool _isSelected;

    private Shard Shard => server.Shard;

    /// <summary>Whether the connection is closed after the last reply.</summary>
    public bool IsEnded { get; private set; }

    public byte[] Answer(List<byte[]> command)
    {
        if (command.Count == 0)
            return Reply.Error("Malformed request");
        string name = Encoding.ASCII.GetString(command[0]).ToUpperInvariant();
        if (Common(name, command) is { } common)
            return common;
        if (!_isSelected)
            return Reply.Error("Permission denied");
        if (server.IsRemoved)
        {
            IsEnded = true;
            return Reply.Error("Your active namespace is not available anymore (probably removed).");
        }

        return name switch
        {
            "SET" when command.Count == 3 => Set(command[1], command[2]),
            "GET" when command.Count == 2 => Get(command[1]),
            "MGET" => Reply.Array([.. command.Skip(1).Select(Get)]),
            "DEL" when command.Count == 2 => Delete(command[1]),
            "EXISTS" when command.Count == 2 => Reply.Integer(Find(command[1]) is null ? 0 : 1),
            "LENGTH" when command.Count == 2 => Find(command[1]) is { } entry ? Reply.Integer(entry.Length) : Reply.Nil,
            "KEYTIME" when command.Count == 2 => Find(command[1]) is { } entry ? Reply.Integer(entry.Seconds) : Reply.Nil,
            "CHECK" when command.Count == 2 => Check(command[1]),
            "SCAN" => Scan(command),
            "DBSIZE" => Reply.Integer(Shard.Count),
            "SET" or "GET" or "DEL" or "EXISTS" or "LENGTH" or "KEYTIME" or "CHECK" => Reply.Error("Unexpected arguments"),
            _ => Reply.Error("Command not supported"),
        };
    }

    /// <summary>Answers what needs no namespace; null for the other commands.</summary>
    private byte[]? Common(string name, List<byte[]> command) => name switch
    {
        "PING" => Reply.Status("PONG"),
        "TIME" => Time(),
        "AUTH" => command.Count == 3 ? Reply.Status(_challenge) : Reply.Error("Authentication disabled"),
        "SELECT" when command.Count > 1 => Select(command),
        "NSLIST" => server.IsRemoved ? Reply.Array() : Reply.Array(Reply.Text(ZeroDbServer.Namespace)),
        "NSINFO" when command.Count == 2 => IsOurs(command[1]) && !server.IsRemoved ? Reply.Text(Information()) : Reply.Error("Namespace not found"),
        "NSNEW" when command.Count == 2 => Renew(command[1]),
        "NSDEL" when command.Count == 2 => Remove(command[1]),
        "NSSET" when command.Count == 4 => Change(command),
        _ => null,
    };

    private static bool IsOurs(byte[] name) => Encoding.UTF8.GetString(name) == ZeroDbServer.Namespace;

    private static byte[] Time()
    {
        long microseconds = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return Reply.Array(
            Reply.Text((microseconds / 1_000_000).ToString(CultureInfo.InvariantCulture)),
            Reply.Text((microseconds % 1_000_000).ToString(CultureInfo.InvariantCulture)));
    }

    private byte[] Select(List<byte[]> command)
    {
        if (!IsOurs(command[1]) || server.IsRemoved)
            return Reply.Error("Namespace not found");
        if (server.Password.Length > 0 && command.Count < 3)
            return Reply.Error("Namespace protected and private");
        string proof = command.Count == 4 ? Encoding.ASCII.GetString(command[3]) : command.Count == 3 ? Encoding.UTF8.GetString(command[2]) : "";
        // The protocol of 0-db prescribes SHA-1.
#pragma warning disable CA5350
        string hashed = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{_challenge}:{server.Password}")));
#pragma warning restore CA5350
        if (server.Password.Length > 0 && proof != (command.Count == 4 ? hashed : server.Password))
            return Reply.Error("Access denied");
        _isSelected = true;
        return Reply.Ok;
    }

    private byte[] Set(byte[] key, byte[] value)
    {
        if (server.IsLocked)
            return Reply.Error("Namespace is temporarily locked (read-only)");
        if (key.Length > 0)
            return Reply.Error("Invalid key, only update authorized");
        return Shard.HasRoom(value.Length) ? Reply.Bulk(KeyOf(Shard.Set(value))) : Reply.Error("No space left on this namespace");
    }

    private byte[] Get(byte[] key)
    {
        Interlocked.Increment(ref server.GetCount);
        if (Find(key) is not { } entry)
            return Reply.Nil;
        byte[] value = new byte[entry.Length];
        return Shard.Get(NumberOf(key), value) is null ? Reply.Nil : Reply.Bulk(value);
    }

    private byte[] Delete(byte[] key)
    {
        if (server.IsLocked)
            return Reply.Error("Namespace is temporarily locked (read-only)");
        return key.Length == KeyLength && Shard.Delete(NumberOf(key)) ? Reply.Ok : Reply.Error("Key not found");
    }

    private byte[] Check(byte[] key) => key.Length != KeyLength ? Reply.Nil : Shard.Check(NumberOf(key)) switch
    {
        PartState.Good => Reply.Integer(1),
        PartState.Corrupt => Reply.Integer(0),
        _ => Reply.Nil,
    };

    /// <summary>Lists parts from the oldest on; the cursor is the number of the last one.</summary>
    private byte[] Scan(List<byte[]> command)
    {
        ulong? after = null;
        if (command.Count > 1)
        {
            if (command[1].Length != CursorLength)
                return Reply.Error("Invalid cursor");
            after = BinaryPrimitives.ReadUInt64LittleEndian(command[1]);
        }

        ulong[] page = [.. Shard.Keys().Where(key => after is null || key > after).Order().Take(ScanPage)];
        if (page.Length == 0)
            return Reply.Error("No more data");
        byte[] cursor = new byte[CursorLength];
        BinaryPrimitives.WriteUInt64LittleEndian(cursor, page[^1]);
        return Reply.Array(
            Reply.Bulk(cursor),
            Reply.Array([.. page.Select(key => Shard.Find(key) is { } entry
                ? Reply.Array(Reply.Bulk(KeyOf(key)), Reply.Integer(entry.Length), Reply.Integer(entry.Seconds))
                : []).Where(static item => item.Length > 0)]));
    }

    private string Information()
    {
        long limit = Shard.Capacity == long.MaxValue ? 0 : Shard.Capacity, used = Shard.StoredBytes;
        byte[] next = new byte[KeyLength];
        BinaryPrimitives.WriteUInt64LittleEndian(next, Shard.Next);
        // The bytes of the next key in their order, without leading zeros.
        string name = Convert.ToHexStringLower(next).TrimStart('0');
        StringBuilder text = new("# namespace\n");
        text.Append(CultureInfo.InvariantCulture, $"name: {ZeroDbServer.Namespace}\nentries: {Shard.Count}\npublic: no\n");
        text.Append(CultureInfo.InvariantCulture, $"password: {(server.Password.Length > 0 ? "yes" : "no")}\ndata_size_bytes: {used}\ndata_limits_bytes: {limit}\n");
        text.Append(CultureInfo.InvariantCulture, $"next_internal_id: 0x{(name.Length == 0 ? "0" : name)}\nmode: sequential\nworm: no\n");
        text.Append(CultureInfo.InvariantCulture, $"locked: {(server.IsLocked ? "yes" : "no")}\n");
        // A limit below the use wraps around, as it does there.
        if (limit > 0)
            text.Append(CultureInfo.InvariantCulture, $"space_available: {unchecked((ulong)(limit - used))}\n");
        return text.ToString();
    }

    private byte[] Renew(byte[] name)
    {
        if (!IsOurs(name))
            return Reply.Error("Permission denied");
        if (!server.IsRemoved)
            return Reply.Error("This namespace is not available");
        Shard.Empty();
        server.IsRemoved = false;
        return Reply.Ok;
    }

    private byte[] Remove(byte[] name)
    {
        if (!IsOurs(name) || server.IsRemoved)
            return Reply.Error("Namespace not found");
        server.IsRemoved = true;
        Shard.Empty();
        return Reply.Ok;
    }

    private byte[] Change(List<byte[]> command)
    {
        string property = Encoding.ASCII.GetString(command[2]), value = Encoding.ASCII.GetString(command[3]);
        if (!IsOurs(command[1]) || server.IsRemoved)
            return Reply.Error("Namespace not found");
        switch (property)
        {
            case "lock":
                server.IsLocked = value == "1";
                return Reply.Ok;
            case "maxsize" when long.TryParse(value, CultureInfo.InvariantCulture, out long bytes) && bytes >= 0:
                Shard.Capacity = bytes == 0 ? long.MaxValue : bytes;
                return Reply.Ok;
            case "mode" when value == "seq":
                return Reply.Ok;
            default:
                return Reply.Error("Invalid property");
        }
    }

    private ShardEntry? Find(byte[] key) => key.Length == KeyLength ? Shard.Find(NumberOf(key)) : null;

    // Only 32 bits of a key count.
    private static ulong NumberOf(byte[] key) => (uint)BinaryPrimitives.ReadUInt64LittleEndian(key);

    private static byte[] KeyOf(ulong number)
    {
        byte[] key = new byte[KeyLength];
        BinaryPrimitives.WriteUInt64LittleEndian(key, number);
        return key;
    }
}
