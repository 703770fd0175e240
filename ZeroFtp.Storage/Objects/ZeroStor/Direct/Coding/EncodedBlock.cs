using System.Buffers;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>A block as parts, ready to be stored. It owns a pooled buffer; nothing of it may be used after <see cref="Dispose"/>.</summary>
internal sealed class EncodedBlock(byte[] buffer, int size, ReadOnlyMemory<byte> hash, Memory<byte>[] parts) : IDisposable
{
    private byte[]? _buffer = buffer;

    /// <summary>The size of the processed block, which the reference keeps.</summary>
    public int Size => size;

    /// <summary>The hash of the plain block. It stays valid after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Hash => hash;

    public int Count => parts.Length;

    public ReadOnlyMemory<byte> this[int part] => parts[part];

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } owned)
            ArrayPool<byte>.Shared.Return(owned);
    }
}
