using System.Buffers;
using System.Security.Cryptography;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>Turns blocks of content into parts and back, byte for byte as the 0-stor daemon does.</summary>
/// <remarks>
/// Content is hashed, compressed, encrypted, and then cut into the parts of an erasure code or copied. Example with 3+1, Snappy and AES: a block of
/// 1,048,576 bytes that Snappy makes 310,420 becomes, with nonce and
/// tag, a processed block of 310,448. It is padded with zeros to 311,040, the next multiple of 3 times 256, and cut into three parts of 103,680 bytes; a
/// fourth has their parity. The reference keeps 310,448, by which the
/// padding is cut off again, and the hash of the 1,048,576 bytes.
/// </remarks>
internal sealed class BlockCodec
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _key;
    private readonly BlockDigest _digest;
    private readonly PartCode? _code;

    /// <exception cref="ArgumentException">The format is not sound.</exception>
    public BlockCodec(BlockFormat format)
    {
        if (format.Validate() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(format));
        Format = format;
        _digest = new BlockDigest(format);
        _key = format.EncryptionKey.ToArray();
        _code = format.IsCoded ? new PartCode(format.DataParts, format.ParityParts) : null;
    }

    public BlockFormat Format { get; }

    /// <summary>The length of a hash in bytes.</summary>
    public int HashLength => _digest.Length;

    /// <summary>The length that each part of a processed block of this size has.</summary>
    public int PartLength(int size) => _code?.PartLength(size) ?? size;

    /// <summary>Makes the parts of one block, which is not empty. The caller disposes the result once the parts are stored.</summary>
    public EncodedBlock Encode(ReadOnlySpan<byte> plain)
    {
        ArgumentOutOfRangeException.ThrowIfZero(plain.Length);
        byte[] hash = new byte[_digest.Length];
        _digest.Compute(plain, hash);
        int head = IsEncrypted ? NonceLength : 0, tail = IsEncrypted ? TagLength : 0;
        int room = head + RoomFor(plain.Length) + tail;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(_code?.RoomFor(room) ?? room);
        try
        {
            int length = Compress(plain, buffer, head);
            if (IsEncrypted)
            {
                RandomNumberGenerator.Fill(buffer.AsSpan(0, NonceLength));
                Span<byte> body = buffer.AsSpan(NonceLength, length);
                using AesGcm cipher = NewCipher();
                cipher.Encrypt(buffer.AsSpan(0, NonceLength), body, body, buffer.AsSpan(NonceLength + length, TagLength));
            }
            return Divide(buffer, head + length + tail, hash);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>Makes the parts of a block that is processed already: what a repair writes anew. The processed block is copied.</summary>
    public EncodedBlock Divide(ReadOnlySpan<byte> processed, ReadOnlyMemory<byte> hash)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(_code?.RoomFor(processed.Length) ?? processed.Length);
        processed.CopyTo(buffer);
        return Divide(buffer, processed.Length, hash);
    }

    /// <summary>
    /// Joins the first usable parts to a processed block. Those of another length than the reference implies are not usable, and the padding of the data
    /// parts is taken as zero, whatever a shard gave for it.
    /// </summary>
    /// <param name="size">The size of the processed block.</param>
    /// <param name="parts">All parts by their number; empty where one is missing.</param>
    /// <param name="chosen">The numbers of the parts to use, <see cref="BlockFormat.PartsToRead"/> of them.</param>
    /// <param name="destination">Takes the processed block; at least <see cref="BlockFormat.DataParts"/> times <see cref="PartLength"/> bytes if it is
    /// coded, otherwise <paramref name="size"/>.</param>
    public void Join(int size, ReadOnlySpan<ReadOnlyMemory<byte>> parts, ReadOnlySpan<int> chosen, Memory<byte> destination)
    {
        if (_code is null)
            parts[chosen[0]].Span[..size].CopyTo(destination.Span);
        else
            _code.Join(size, parts, chosen, destination);
    }

    /// <summary>The room that <see cref="Join"/> needs for a processed block of this size.</summary>
    public int RoomToJoin(int size) => _code is null ? size : _code.PartLength(size) * Format.DataParts;

    /// <summary>Restores the content of a processed block and compares it with its hash. The processed block is overwritten.</summary>
    /// <returns>The length of the content; -1 if it is not what was stored, or longer than the destination.</returns>
    public int Restore(Span<byte> processed, ReadOnlySpan<byte> hash, Span<byte> destination)
    {
        if (IsEncrypted)
        {
            if (processed.Length < NonceLength + TagLength)
                return -1;
            Span<byte> body = processed[NonceLength..^TagLength];
            try
            {
                using AesGcm cipher = NewCipher();
                cipher.Decrypt(processed[..NonceLength], body, processed[^TagLength..], body);
            }
            catch (AuthenticationTagMismatchException)
            {
                return -1;
            }
            processed = body;
        }
        int length = Decompress(processed, destination);
        return length >= 0 && _digest.Matches(destination[..length], hash) ? length : -1;
    }

    private bool IsEncrypted => _key.Length > 0;

    // Its instances are not for several threads at a time.
    private AesGcm NewCipher() => new(_key, TagLength);

    private EncodedBlock Divide(byte[] buffer, int size, ReadOnlyMemory<byte> hash)
    {
        Memory<byte>[] parts = new Memory<byte>[Format.Parts];
        if (_code is null)
            Array.Fill(parts, buffer.AsMemory(0, size));
        else
            _code.Divide(buffer, size, parts);
        return new EncodedBlock(buffer, size, hash, parts);
    }

    private int RoomFor(int length) => Format.Compression switch
    {
        BlockCompression.Snappy => SnappyFrames.RoomFor(length),
        BlockCompression.Lz4 => Lz4Frames.RoomFor(length),
        BlockCompression.Gzip => GzipMembers.RoomFor(length),
        _ => length,
    };

    private int Compress(ReadOnlySpan<byte> plain, byte[] buffer, int offset)
    {
        switch (Format.Compression)
        {
            case BlockCompression.Snappy:
                return SnappyFrames.Compress(plain, buffer.AsSpan(offset));
            case BlockCompression.Lz4:
                return Lz4Frames.Compress(plain, buffer.AsSpan(offset));
            case BlockCompression.Gzip:
                return GzipMembers.Compress(plain, buffer, offset);
            default:
                plain.CopyTo(buffer.AsSpan(offset));
                return plain.Length;
        }
    }

    private int Decompress(ReadOnlySpan<byte> input, Span<byte> destination) => Format.Compression switch
    {
        BlockCompression.Snappy => SnappyFrames.Decompress(input, destination),
        BlockCompression.Lz4 => Lz4Frames.Decompress(input, destination),
        BlockCompression.Gzip => GzipMembers.Decompress(input, destination),
        _ => input.TryCopyTo(destination) ? input.Length : -1,
    };
}
