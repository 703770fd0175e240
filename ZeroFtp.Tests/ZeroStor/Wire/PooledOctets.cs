using System.Buffers;

namespace ZeroFtp.ZeroStor.Wire;

/// <summary>Rented bytes of a message; whoever serialises or consumes the message disposes it.</summary>
internal sealed class PooledOctets(int length) : IDisposable
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(length);

    public int Length => length;

    public Memory<byte> Memory => (_array ?? throw new ObjectDisposedException(nameof(PooledOctets))).AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
            ArrayPool<byte>.Shared.Return(array);
    }
}
