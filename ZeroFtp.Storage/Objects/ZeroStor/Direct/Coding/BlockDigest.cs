using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>Computes the hash of a plain block.</summary>
internal sealed class BlockDigest
{
    public const int MaxLength = 64;

    private readonly BlockHash _hash;
    private readonly byte[] _key;

    public BlockDigest(BlockFormat format)
    {
        _hash = format.Hash;
        _key = (format.HashKey.IsEmpty ? format.EncryptionKey : format.HashKey).ToArray();
        Length = _hash is BlockHash.Blake2b256 or BlockHash.Sha256 ? 32 : 64;
    }

    /// <summary>The length of a hash in bytes.</summary>
    public int Length { get; }

    /// <summary>Writes the hash of a block to the first <see cref="Length"/> bytes of the destination.</summary>
    public void Compute(ReadOnlySpan<byte> plain, Span<byte> destination)
    {
        switch (_hash)
        {
            case BlockHash.Sha256:
                HMACSHA256.HashData(_key, plain, destination);
                break;
            case BlockHash.Sha512:
                HMACSHA512.HashData(_key, plain, destination);
                break;
            default:
                Blake2bDigest digest = new(_key, Length, null, null);
                digest.BlockUpdate(plain);
                digest.DoFinal(destination);
                break;
        }
    }

    public bool Matches(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> expected)
    {
        Span<byte> actual = stackalloc byte[MaxLength];
        Compute(plain, actual);
        return CryptographicOperations.FixedTimeEquals(actual[..Length], expected);
    }
}
