using System.Buffers;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>Reads an object's whole file and computes its digests.</summary>
internal static class LocalHash
{
    private const int BufferLength = 256 << 10;

    public static async ValueTask<ObjectHash> ComputeAsync(string path, CancellationToken cancellationToken)
    {
        using FileStream file = PrivateFiles.OpenRead(path);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            ObjectHasher hasher = new();
            int count;
            while ((count = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                hasher.Append(buffer.AsSpan(0, count));
            return hasher.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
