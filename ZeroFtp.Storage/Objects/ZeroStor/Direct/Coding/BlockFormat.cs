namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>How a block is compressed. The names are those of the daemon's configuration.</summary>
internal enum BlockCompression
{
    None,

    /// <summary>Snappy framing format.</summary>
    Snappy,

    /// <summary>LZ4 frame format.</summary>
    Lz4,

    /// <summary>RFC 1952.</summary>
    Gzip,
}

/// <summary>The keyed hash of a plain block.</summary>
internal enum BlockHash
{
    /// <summary>BLAKE2b with a digest of 32 bytes (RFC 7693).</summary>
    Blake2b256,

    /// <summary>BLAKE2b with a digest of 64 bytes.</summary>
    Blake2b512,

    /// <summary>HMAC with SHA-256 (RFC 2104), also with an empty key.</summary>
    Sha256,

    /// <summary>HMAC with SHA-512, also with an empty key.</summary>
    Sha512,
}

/// <summary>
/// The settings of the 0-stor daemon (<c>datastor.pipeline</c>) that determine the bytes of a block. Nothing of them is stored with the content, so
/// whoever reads needs what the writer had; only <see cref="BlockSize"/> may
/// differ.
/// </summary>
internal sealed record BlockFormat
{
    /// <summary>The most bytes of content in a block; the last block of an object is shorter.</summary>
    public int BlockSize { get; init; } = 1024 * 1024;

    public BlockCompression Compression { get; init; }

    /// <summary>The key of AES-GCM, 16, 24 or 32 bytes; empty for no encryption.</summary>
    public ReadOnlyMemory<byte> EncryptionKey { get; init; }

    public BlockHash Hash { get; init; }

    /// <summary>The key of the hash; if it is empty, the encryption key is used.</summary>
    public ReadOnlyMemory<byte> HashKey { get; init; }

    /// <summary>Data parts of the erasure code, or the number of copies if there are no parity parts.</summary>
    public int DataParts { get; init; } = 1;

    /// <summary>Parity parts of the erasure code; 0 for copies.</summary>
    public int ParityParts { get; init; }

    /// <summary>Whether a block is coded; otherwise each part is the whole block.</summary>
    public bool IsCoded => ParityParts > 0;

    /// <summary>The number of parts of a block, each on another shard.</summary>
    public int Parts => DataParts + ParityParts;

    /// <summary>How many parts a block can be read from.</summary>
    public int PartsToRead => IsCoded ? DataParts : 1;

    /// <summary>Returns every fault as a sentence that begins with the property of <see cref="ZeroStorDirectOptions"/>; empty if the format is sound.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (BlockSize < 1)
            faults.Add("BlockBytes must be at least 1.");
        if (EncryptionKey.Length is not (0 or 16 or 24 or 32))
            faults.Add("EncryptionKey must have 16, 24 or 32 bytes.");
        if (Hash is BlockHash.Blake2b256 or BlockHash.Blake2b512 && (HashKey.IsEmpty ? EncryptionKey : HashKey).Length > 64)
            faults.Add("HashKey must have at most 64 bytes.");
        if (DataParts < 1 || ParityParts < 0 || Parts > 254)
            faults.Add("DataParts must be at least 1, and at most 254 with the parity parts.");
        return faults;
    }
}
