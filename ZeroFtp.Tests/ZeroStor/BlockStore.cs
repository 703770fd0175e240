using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using Google.Protobuf;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.ZeroStor.Coding;
using ZeroFtp.ZeroStor.Shards;
using ZeroFtp.ZeroStor.Wire;

namespace ZeroFtp.ZeroStor;

/// <summary>Cuts octets into blocks and spreads each over all shards, as the daemon does behind its services.</summary>
internal sealed class BlockStore(StandInOptions options, ShardSet shards, Faults faults)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private static readonly byte[] Key = [.. "an example key!!"u8];

    private readonly int _needed = shards.Count - options.Parity;
    private readonly ReedSolomon _code = new(shards.Count - options.Parity, options.Parity);
    private int _eofSaid;

    private int Overhead => options.Encrypt ? NonceSize + TagSize : 0;

    public int BlockSize => options.BlockSize;

    public async Task<List<StoredChunk>> WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        List<StoredChunk> chunks = new((octets.Length / options.BlockSize) + 1);
        for (int at = 0; at < octets.Length; at += options.BlockSize)
            chunks.Add(await WriteBlockAsync(octets.Slice(at, Math.Min(options.BlockSize, octets.Length - at)), cancellationToken));
        return chunks;
    }

    public long LengthOf(IEnumerable<StoredChunk> chunks) => chunks.Sum(c => c.ChunkSize - Overhead);

    /// <summary>Reads all chunks one after the other. A number above the limit of a message is refused as the encoder would.</summary>
    public async Task<PooledOctets> ReadAsync(IReadOnlyList<StoredChunk> chunks, CancellationToken cancellationToken)
    {
        long length = LengthOf(chunks);
        Errors.RefuseOversized(checked((int)length), "trying to send");
        PooledOctets octets = new((int)length);
        try
        {
            int at = 0;
            foreach (StoredChunk chunk in chunks)
            {
                int plain = (int)(chunk.ChunkSize - Overhead);
                await ReadBlockAsync(chunk, octets.Memory.Slice(at, plain), cancellationToken);
                at += plain;
            }

            return octets;
        }
        catch
        {
            octets.Dispose();
            throw;
        }
    }

    public async Task ReadBlockAsync(StoredChunk chunk, Memory<byte> target, CancellationToken cancellationToken)
    {
        if (!options.Encrypt)
        {
            await GatherAsync(chunk, target, intactOnly: false, cancellationToken);
        }
        else
        {
            using PooledOctets sealedBlock = new((int)chunk.ChunkSize);
            await GatherAsync(chunk, sealedBlock.Memory, intactOnly: false, cancellationToken);
            Open(sealedBlock.Memory.Span, target.Span);
        }

        if (!faults.Blind && !Hash(target.Span).AsSpan().SequenceEqual(chunk.Hash.Span))
            throw Errors.HashMismatch();
    }

    /// <summary>Deletes part after part and stops at the first that fails, which can then never be repeated.</summary>
    public async Task DeleteAsync(IEnumerable<StoredChunk> chunks, CancellationToken cancellationToken)
    {
        bool half = faults.TakeHalfDelete();
        int done = 0;
        foreach (StoredPart part in chunks.SelectMany(c => c.Objects))
        {
            Shard? shard = shards.Find(part.ShardID);
            if (shard is null || shard.Down)
                throw Errors.Refused(part.ShardID);
            await shard.ArriveAsync(cancellationToken);
            if (!shard.Delete(KeyOf(part)))
                throw Errors.PartGone();
            if (half && ++done == 2)
                throw Errors.Reset();
        }
    }

    public async Task<CheckStatus> CheckAsync(IEnumerable<StoredChunk> chunks, bool fast, CancellationToken cancellationToken)
    {
        bool optimal = !fast || options.Parity == 0;
        foreach (StoredChunk chunk in chunks)
        {
            int good = 0;
            foreach (StoredPart part in chunk.Objects)
            {
                Shard? shard = shards.Find(part.ShardID);
                if (shard is null || shard.Down)
                    continue;
                await shard.ArriveAsync(cancellationToken);
                if (shard.Check(KeyOf(part)) == PartState.Good)
                    good++;
                if (fast && good == _needed)
                    break;
            }

            if (good < _needed)
                return CheckStatus.Invalid;
            optimal &= good == chunk.Objects.Count && good == shards.Count;
        }

        return optimal ? CheckStatus.Optimal : CheckStatus.Valid;
    }

    /// <summary>Writes every chunk anew, whatever its state, and leaves the old parts behind.</summary>
    public async Task<List<StoredChunk>> RepairAsync(IReadOnlyList<StoredChunk> chunks, CancellationToken cancellationToken)
    {
        List<StoredChunk> repaired = new(chunks.Count);
        foreach (StoredChunk chunk in chunks)
        {
            using PooledOctets block = new((int)chunk.ChunkSize);
            await GatherAsync(chunk, block.Memory, intactOnly: true, cancellationToken);
            repaired.Add(await SpreadAsync(block.Memory, chunk.Hash, cancellationToken));
        }

        return repaired;
    }

    private static byte[] Hash(ReadOnlySpan<byte> block) => XxHash128.Hash(block);

    private static ulong KeyOf(StoredPart part) => part.Key.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(part.Key.Span) : ulong.MaxValue;

    private async Task<StoredChunk> WriteBlockAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        ByteString hash = UnsafeByteOperations.UnsafeWrap(Hash(block.Span));
        if (!options.Encrypt)
            return await SpreadAsync(block, hash, cancellationToken);
        using PooledOctets sealedBlock = new(block.Length + Overhead);
        Seal(block.Span, sealedBlock.Memory.Span);
        return await SpreadAsync(sealedBlock.Memory, hash, cancellationToken);
    }

    private async Task<StoredChunk> SpreadAsync(ReadOnlyMemory<byte> block, ByteString hash, CancellationToken cancellationToken)
    {
        foreach (Shard shard in shards.Shards)
        {
            if (shard.Down || shard.Full)
                throw shards.Count == 1 ? SingleShardFailure(shard) : Errors.ShardsUnavailable();
        }

        int partSize = PartSize(block.Length);
        using PooledOctets padding = new(partSize * (_needed + options.Parity));
        List<ReadOnlyMemory<byte>> parts = new(shards.Count);
        for (int i = 0; i < _needed; i++)
        {
            if ((i + 1) * partSize <= block.Length)
            {
                parts.Add(block.Slice(i * partSize, partSize));
                continue;
            }

            Memory<byte> padded = padding.Memory.Slice(i * partSize, partSize);
            ReadOnlyMemory<byte> rest = block[Math.Min(i * partSize, block.Length)..];
            rest.CopyTo(padded);
            padded.Span[rest.Length..].Clear();
            parts.Add(padded);
        }

        List<Memory<byte>> parity = [.. Enumerable.Range(_needed, options.Parity).Select(i => padding.Memory.Slice(i * partSize, partSize))];
        _code.Encode(parts, parity);
        parts.AddRange(parity.Select(p => (ReadOnlyMemory<byte>)p));

        StoredChunk chunk = new() { ChunkSize = block.Length, Hash = hash };
        for (int i = 0; i < parts.Count; i++)
        {
            await shards.Shards[i].ArriveAsync(cancellationToken);
            byte[] key = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(key, shards.Shards[i].Set(parts[i].Span));
            chunk.Objects.Add(new StoredPart { Key = UnsafeByteOperations.UnsafeWrap(key), ShardID = shards.Shards[i].Id });
        }

        return chunk;
    }

    private async Task GatherAsync(StoredChunk chunk, Memory<byte> target, bool intactOnly, CancellationToken cancellationToken)
    {
        if (chunk.Objects.Count != shards.Count)
            throw Errors.ShardsUnavailable();
        int partSize = PartSize(target.Length);
        using PooledOctets scratch = new(partSize * shards.Count);
        List<int> numbers = [];
        List<Memory<byte>> parts = [];
        foreach (int i in Order(intactOnly))
        {
            StoredPart part = chunk.Objects[i];
            if (shards.Find(part.ShardID) is not { Down: false } shard)
                continue;
            await shard.ArriveAsync(cancellationToken);
            if (intactOnly && shard.Check(KeyOf(part)) != PartState.Good)
                continue;
            // A data part that lies whole within the block goes to its place at once.
            Memory<byte> memory = i < _needed && (i + 1) * partSize <= target.Length ? target.Slice(i * partSize, partSize) : scratch.Memory.Slice(i * partSize, partSize);
            if (!shard.Get(KeyOf(part), memory.Span))
                continue;
            numbers.Add(i);
            parts.Add(memory);
            if (numbers.Count == _needed)
                break;
        }

        if (numbers.Count < _needed)
            throw shards.Count == 1 ? SingleShardFailure(shards.Shards[0]) : Errors.ShardsUnavailable();
        for (int wanted = 0; wanted < _needed; wanted++)
        {
            int at = wanted * partSize;
            if (at >= target.Length)
                break;
            Memory<byte> place = target.Slice(at, Math.Min(partSize, target.Length - at));
            int have = numbers.IndexOf(wanted);
            if (have < 0)
                _code.Decode(wanted, numbers, parts, place.Span);
            else if (place.Length < partSize)
                parts[have].Span[..place.Length].CopyTo(place.Span);
        }
    }

    // The daemon takes whichever k parts come first. Without damage that is all the same, and the cheapest are the data parts.
    private int[] Order(bool dataFirst)
    {
        int[] order = [.. Enumerable.Range(0, shards.Count)];
        if (!dataFirst && shards.Damaged)
            Random.Shared.Shuffle(order);
        return order;
    }

    private int PartSize(int length) => (length + (256 * _needed) - 1) / (256 * _needed) * 256;

    private Grpc.Core.RpcException SingleShardFailure(Shard shard) => Interlocked.Exchange(ref _eofSaid, 1) == 0 ? Errors.Eof() : Errors.Refused(shard.Id);

    private static void Seal(ReadOnlySpan<byte> plain, Span<byte> target)
    {
        using AesGcm cipher = new(Key, TagSize);
        RandomNumberGenerator.Fill(target[..NonceSize]);
        cipher.Encrypt(target[..NonceSize], plain, target.Slice(NonceSize, plain.Length), target[^TagSize..]);
    }

    private static void Open(ReadOnlySpan<byte> block, Span<byte> plain)
    {
        using AesGcm cipher = new(Key, TagSize);
        try
        {
            cipher.Decrypt(block[..NonceSize], block[NonceSize..^TagSize], block[^TagSize..], plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Errors.NotAuthentic();
        }
    }
}
