using System.Collections.Concurrent;
using Google.Protobuf;
using ZeroFtp.ZeroStor.ZeroDb;

namespace ZeroFtp.ZeroStor.Shards;

/// <summary>The shards and the names that daemons of one configuration share. It outlives the daemons, as 0-db servers and etcd do.</summary>
public sealed class ShardSet : IDisposable
{
    /// <summary>The port of the first shard; the others follow.</summary>
    public const int FirstPort = 9900;

    private readonly string? _names;
    private readonly bool _areOthers;
    private readonly ConcurrentDictionary<ByteString, byte[]> _metadata = new();

    /// <summary>Shards in memory, or below a directory.</summary>
    public ShardSet(int count, string? directory = null)
    {
        Shards = new Shard[count];
        for (int i = 0; i < count; i++)
        {
            string id = NameOf(i);
            Shards[i] = directory is null ? new MemoryShard(id) : new DirectoryShard(id, Path.Combine(directory, $"shard-{i}"));
        }

        if (directory is not null)
            _names = Directory.CreateDirectory(Path.Combine(directory, "names")).FullName;
    }

    /// <summary>The shards of 0-db servers, which stay theirs.</summary>
    public ShardSet(IEnumerable<ZeroDbServer> servers)
    {
        Shards = [.. servers.Select(static server => server.Shard)];
        _areOthers = true;
    }

    internal Shard[] Shards { get; }

    /// <summary>How many shards there are.</summary>
    public int Count => Shards.Length;

    /// <summary>Whether a part was ever damaged on purpose.</summary>
    internal bool Damaged { get; private set; }

    /// <summary>Parts that are stored on all shards together.</summary>
    public long Parts => Shards.Sum(s => s.Count);

    /// <summary>Parts that are stored on one shard.</summary>
    public long PartsOf(int shard) => Shards[shard].Count;

    /// <summary>Takes a shard away or gives it back.</summary>
    public void SetDown(int shard, bool down) => Shards[shard].Down = down;

    /// <summary>What references call a shard.</summary>
    public static string NameOf(int shard) => $"zeroftp@127.0.0.1:{FirstPort + shard}";

    /// <summary>Takes a shard out of the configuration of the daemons, or puts it back.</summary>
    public void SetLeft(int shard, bool left) => Shards[shard].Left = left;

    /// <summary>Empties a shard that keeps its name and address, as a replaced disk does: its keys begin at 0 again, so that old references meet other objects' parts.</summary>
    public void Empty(int shard)
    {
        Damaged = true;
        Shards[shard].Empty();
    }

    /// <summary>Makes the next requests to a shard answer EOF, as connections do that the daemons pooled before it was restarted.</summary>
    public void SetStale(int shard, int connections) => Shards[shard].Stale = connections;

    /// <summary>Limits what fits into a shard, in bytes: small parts may still be accepted where large ones are refused.</summary>
    public void SetCapacity(int shard, long bytes) => Shards[shard].Capacity = bytes;

    /// <summary>Content of the parts of all shards together, in bytes.</summary>
    public long StoredBytes => Shards.Sum(s => s.StoredBytes);

    /// <summary>Makes a shard refuse new parts.</summary>
    public void SetFull(int shard, bool full) => Shards[shard].Full = full;

    /// <summary>Makes a shard answer later.</summary>
    public void SetDelay(int shard, TimeSpan delay) => Shards[shard].DelayMilliseconds = (int)delay.TotalMilliseconds;

    /// <summary>Changes one byte in every n-th part of a shard.</summary>
    /// <returns>How many parts are damaged now that were not before.</returns>
    public int Corrupt(int shard, int every = 1)
    {
        Damaged = true;
        List<ulong> keys = [.. Shards[shard].Keys().Where((_, i) => i % every == 0).Where(k => Shards[shard].Check(k) == PartState.Good)];
        foreach (ulong key in keys)
            Shards[shard].Flip(key, 7);
        return keys.Count;
    }

    /// <summary>Removes every n-th part of a shard, as a replaced disk would.</summary>
    public int Lose(int shard, int every = 1)
    {
        List<ulong> keys = [.. Shards[shard].Keys().Where((_, i) => i % every == 0)];
        foreach (ulong key in keys)
            Shards[shard].Delete(key);
        return keys.Count;
    }

    internal Shard? Find(string id) => Array.Find(Shards, s => s.Id == id && !s.Left);

    internal IEnumerable<Shard> InRandomOrder()
    {
        Shard[] order = [.. Shards.Where(s => !s.Left)];
        Random.Shared.Shuffle(order);
        return order;
    }

    internal void SaveName(StoredMetadata metadata)
    {
        byte[] bytes = metadata.ToByteArray();
        if (_names is null)
        {
            _metadata[metadata.Key] = bytes;
            return;
        }

        string temporary = Path.Combine(_names, $"{Guid.NewGuid():N}.tmp");
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, PathOf(metadata.Key), overwrite: true);
    }

    internal StoredMetadata? FindName(ByteString key)
    {
        byte[]? bytes = _names is null ? _metadata.GetValueOrDefault(key) : File.Exists(PathOf(key)) ? File.ReadAllBytes(PathOf(key)) : null;
        return bytes is null ? null : StoredMetadata.Parser.ParseFrom(bytes);
    }

    internal void DeleteName(ByteString key)
    {
        if (_names is null)
            _metadata.TryRemove(key, out _);
        else
            File.Delete(PathOf(key));
    }

    internal IEnumerable<ByteString> Names() => _names is null
        ? _metadata.Keys
        : Directory.EnumerateFiles(_names, "*.name").Select(p => ByteString.CopyFrom(Convert.FromHexString(Path.GetFileNameWithoutExtension(p))));

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (Shard shard in _areOthers ? [] : Shards)
            shard.Dispose();
    }

    private string PathOf(ByteString key) => Path.Combine(_names!, Convert.ToHexString(key.Span) + ".name");
}
