using System.Collections.Concurrent;
using Google.Protobuf;

namespace ZeroFtp.ZeroStor.Shards;

/// <summary>The shards and the names that daemons of one configuration share. It outlives the daemons, as 0-db servers and etcd do.</summary>
public sealed class ShardSet : IDisposable
{
    private readonly string? _names;
    private readonly ConcurrentDictionary<ByteString, byte[]> _metadata = new();

    /// <summary>Shards in memory, or below a directory.</summary>
    public ShardSet(int count, string? directory = null)
    {
        Shards = new Shard[count];
        for (int i = 0; i < count; i++)
        {
            string id = $"127.0.0.1:{9900 + i}";
            Shards[i] = directory is null ? new MemoryShard(id) : new DirectoryShard(id, Path.Combine(directory, $"shard-{i}"));
        }

        if (directory is not null)
            _names = Directory.CreateDirectory(Path.Combine(directory, "names")).FullName;
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

    /// <summary>Makes a shard refuse new parts.</summary>
    public void SetFull(int shard, bool full) => Shards[shard].Full = full;

    /// <summary>Makes a shard answer later.</summary>
    public void SetDelay(int shard, TimeSpan delay) => Shards[shard].DelayMilliseconds = (int)delay.TotalMilliseconds;

    /// <summary>Changes one octet in every n-th part of a shard.</summary>
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

    internal Shard? Find(string id) => Array.Find(Shards, s => s.Id == id);

    internal void SaveName(StoredMetadata metadata)
    {
        byte[] octets = metadata.ToByteArray();
        if (_names is null)
        {
            _metadata[metadata.Key] = octets;
            return;
        }

        string temporary = Path.Combine(_names, $"{Guid.NewGuid():N}.tmp");
        File.WriteAllBytes(temporary, octets);
        File.Move(temporary, PathOf(metadata.Key), overwrite: true);
    }

    internal StoredMetadata? FindName(ByteString key)
    {
        byte[]? octets = _names is null ? _metadata.GetValueOrDefault(key) : File.Exists(PathOf(key)) ? File.ReadAllBytes(PathOf(key)) : null;
        return octets is null ? null : StoredMetadata.Parser.ParseFrom(octets);
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
        foreach (Shard shard in Shards)
            shard.Dispose();
    }

    private string PathOf(ByteString key) => Path.Combine(_names!, Convert.ToHexString(key.Span) + ".name");
}
