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

/// <summary>Cuts content into blocks and spreads each over shards, as the daemon does behind its services.</summary>
internal sealed class BlockStore(StandInOptions options, ShardSet shards, Faults faults)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private static readonly byte[] Key = [.. "an example key!!"u8];

    private readonly Layout _layout = Layout.Of(options, shards.Count);
    private readonly ReedSolomon? _code = options.Parity > 0 ? new(Layout.Of(options, shards.Count).Needed, options.Parity) : null;

    private int Overhead => options.Encrypt ? NonceSize + TagSize : 0;

    public int BlockSize => options.BlockSize;

    public async Task<List<StoredChunk>> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        List<StoredChunk> chunks = new((bytes.Length / options.BlockSize) + 1);
        Grpc.Core.RpcException? failure = null;
        for (int at = 0; at < bytes.Length; at += options.BlockSize)
        {
            try
            {
                chunks.Add(await WriteBlockAsync(bytes.Slice(at, Math.Min(options.BlockSize, bytes.Length - at)), cancellationToken));
            }
            catch (Grpc.Core.RpcException failed)
            {
                // The daemon's workers are at the other blocks already, and what they write stays too.
                failure ??= failed;
            }
        }

        return failure is null ? chunks : throw failure;
    }

    public long LengthOf(IEnumerable<StoredChunk> chunks) => chunks.Sum(c => c.ChunkSize - Overhead);

    /// <summary>Reads all chunks one after the other. A number above the limit of a message is refused as the encoder would.</summary>
    public async Task<PooledOctets> ReadAsync(IReadOnlyList<StoredChunk> chunks, CancellationToken cancellationToken)
    {
        long length = LengthOf(chunks);
        Errors.RefuseOversized(checked((int)length), "trying to send");
        PooledOctets bytes = new((int)length);
        try
        {
            int at = 0;
            foreach (StoredChunk chunk in chunks)
            {
                int plain = (int)(chunk.ChunkSize - Overhead);
                await ReadBlockAsync(chunk, bytes.Memory.Slice(at, plain), cancellationToken);
                at += plain;
            }

            return bytes;
        }
        catch
        {
            bytes.Dispose();
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

    /// <summary>Deletes part after part and stops at the first that fails. Repeated, it stops at the first part that is gone, whatever is left behind it.</summary>
    public async Task DeleteAsync(IEnumerable<StoredChunk> chunks, CancellationToken cancellationToken)
    {
        bool half = faults.TakeHalfDelete();
        int done = 0;
        foreach (StoredPart part in chunks.SelectMany(c => c.Objects))
        {
            Shard shard = shards.Find(part.ShardID) ?? throw Errors.NoSuchShard(part.ShardID);
            await shard.ArriveAsync(cancellationToken);
            if (shard.TryReach() is { } failure)
                throw failure;
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
            int needed = Math.Min(_layout.Needed, chunk.Objects.Count);
            int good = 0;
            foreach (StoredPart part in chunk.Objects)
            {
                if (await IsGoodAsync(part, cancellationToken))
                    good++;
                if (fast && good == needed)
                    break;
            }

            if (good < needed)
                return CheckStatus.Invalid;
            optimal &= good == chunk.Objects.Count;
        }

        return optimal ? CheckStatus.Optimal : CheckStatus.Valid;
    }

    /// <summary>
    /// Restores redundancy without comparing a hash, so whatever lies under a key and has a good checksum of its own counts. Of copies the good ones stay and only missing ones are written; erasure-coded blocks
    /// are written whole under new keys, and the old parts stay behind.
    /// </summary>
    public async Task<List<StoredChunk>> RepairAsync(IReadOnlyList<StoredChunk> chunks, CancellationToken cancellationToken)
    {
        List<StoredChunk> repaired = new(chunks.Count);
        foreach (StoredChunk chunk in chunks)
        {
            using PooledOctets block = new((int)chunk.ChunkSize);
            if (!_layout.IsReplicated)
            {
                await GatherAsync(chunk, block.Memory, intactOnly: true, cancellationToken);
                repaired.Add(await SpreadAsync(block.Memory, chunk.Hash, [], cancellationToken));
                continue;
            }

            List<StoredPart> kept = [];
            foreach (StoredPart part in chunk.Objects)
            {
                if (await IsGoodAsync(part, cancellationToken))
                    kept.Add(part);
            }

            if (kept.Count == _layout.Total)
            {
                repaired.Add(chunk);
                continue;
            }

            await GatherAsync(chunk, block.Memory, intactOnly: true, cancellationToken);
            repaired.Add(await SpreadAsync(block.Memory, chunk.Hash, kept, cancellationToken));
        }

        return repaired;
    }

    private async Task<bool> IsGoodAsync(StoredPart part, CancellationToken cancellationToken)
    {
        if (shards.Find(part.ShardID) is not { } shard)
            return false;
        await shard.ArriveAsync(cancellationToken);
        return shard.TryReach() is null && shard.Check(KeyOf(part)) == PartState.Good;
    }

    private byte[] Hash(ReadOnlySpan<byte> block) => options.HashesBySha256 ? HMACSHA256.HashData(options.Encrypt ? Key : [], block) : XxHash128.Hash(block);

    private static ulong KeyOf(StoredPart part) => part.Key.Length == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(part.Key.Span) : ulong.MaxValue;

    private async Task<StoredChunk> WriteBlockAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        ByteString hash = UnsafeByteOperations.UnsafeWrap(Hash(block.Span));
        if (!options.Encrypt)
            return await SpreadAsync(block, hash, [], cancellationToken);
        using PooledOctets sealedBlock = new(block.Length + Overhead);
        Seal(block.Span, sealedBlock.Memory.Span);
        return await SpreadAsync(sealedBlock.Memory, hash, [], cancellationToken);
    }

    /// <summary>Writes parts to shards in a random order. A shard that fails is passed over; when none is left the write fails, and the parts that are written stay where they are.</summary>
    private async Task<StoredChunk> SpreadAsync(ReadOnlyMemory<byte> block, ByteString hash, List<StoredPart> kept, CancellationToken cancellationToken)
    {
        int partSize = PartSize(block.Length);
        using PooledOctets padding = new(_layout.IsReplicated ? 1 : partSize * _layout.Total);
        List<ReadOnlyMemory<byte>> parts = _code is null
            ? [.. Enumerable.Repeat(block, _layout.Total - kept.Count)]
            : Encode(_code, block, padding.Memory, partSize);

        Queue<Shard> left = new(shards.InRandomOrder().Where(s => kept.All(p => p.ShardID != s.Id)));
        StoredChunk chunk = new() { ChunkSize = block.Length, Hash = hash };
        chunk.Objects.AddRange(kept);
        Grpc.Core.RpcException? last = null;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            while (true)
            {
                if (!left.TryDequeue(out Shard? shard))
                    throw shards.Count == 1 ? last! : Errors.ShardsUnavailable();
                await shard.ArriveAsync(cancellationToken);
                last = shard.TryReach() ?? (shard.HasRoom(part.Length) ? null : Errors.Full());
                if (last is not null)
                    continue;
                byte[] key = new byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(key, shard.Set(part.Span));
                chunk.Objects.Add(new StoredPart { Key = UnsafeByteOperations.UnsafeWrap(key), ShardID = shard.Id });
                break;
            }
        }

        return chunk;
    }

    private List<ReadOnlyMemory<byte>> Encode(ReedSolomon code, ReadOnlyMemory<byte> block, Memory<byte> padding, int partSize)
    {
        List<ReadOnlyMemory<byte>> parts = new(_layout.Total);
        for (int i = 0; i < _layout.Needed; i++)
        {
            if ((i + 1) * partSize <= block.Length)
            {
                parts.Add(block.Slice(i * partSize, partSize));
                continue;
            }

            Memory<byte> padded = padding.Slice(i * partSize, partSize);
            ReadOnlyMemory<byte> rest = block[Math.Min(i * partSize, block.Length)..];
            rest.CopyTo(padded);
            padded.Span[rest.Length..].Clear();
            parts.Add(padded);
        }

        List<Memory<byte>> parity = [.. Enumerable.Range(_layout.Needed, options.Parity).Select(i => padding.Slice(i * partSize, partSize))];
        code.Encode(parts, parity);
        parts.AddRange(parity.Select(p => (ReadOnlyMemory<byte>)p));
        return parts;
    }

    private async Task GatherAsync(StoredChunk chunk, Memory<byte> target, bool intactOnly, CancellationToken cancellationToken)
    {
        if (!_layout.IsReplicated && chunk.Objects.Count != _layout.Total)
            throw Errors.ShardsUnavailable();
        int partSize = PartSize(target.Length);
        using PooledOctets scratch = new(_layout.IsReplicated ? 1 : partSize * _layout.Total);
        List<int> numbers = [];
        List<Memory<byte>> parts = [];
        bool sizesDiffer = false;
        Grpc.Core.RpcException? last = null;
        foreach (int i in Order(chunk.Objects.Count, intactOnly))
        {
            StoredPart part = chunk.Objects[i];
            if (shards.Find(part.ShardID) is not { } shard)
                continue;
            await shard.ArriveAsync(cancellationToken);
            last = shard.TryReach();
            if (last is not null || (intactOnly && shard.Check(KeyOf(part)) != PartState.Good))
                continue;
            // A data part that lies whole within the block goes to its place at once.
            Memory<byte> memory = _layout.IsReplicated ? target
                : i < _layout.Needed && (i + 1) * partSize <= target.Length ? target.Slice(i * partSize, partSize)
                : scratch.Memory.Slice(i * partSize, partSize);
            if (shard.Get(KeyOf(part), memory.Span) is not { } length)
                continue;
            // Another object's part under the same key; the daemon's decoder finds that out when it has as many parts as it needs.
            sizesDiffer |= length != partSize;
            numbers.Add(i);
            parts.Add(memory);
            if (numbers.Count == _layout.Needed)
                break;
        }

        if (numbers.Count < _layout.Needed)
            throw shards.Count == 1 && last is not null ? last : Errors.ShardsUnavailable();
        if (sizesDiffer)
            throw _layout.IsReplicated ? Errors.HashMismatch() : Errors.SizesDiffer();
        if (_code is null)
            return;
        for (int wanted = 0; wanted < _layout.Needed; wanted++)
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
    private int[] Order(int count, bool dataFirst)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        if (!dataFirst && shards.Damaged)
            Random.Shared.Shuffle(order);
        return order;
    }

    private int PartSize(int length) => _layout.IsReplicated ? length : (length + (256 * _layout.Needed) - 1) / (256 * _layout.Needed) * 256;

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
