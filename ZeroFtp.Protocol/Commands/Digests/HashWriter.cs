using System.Buffers;
using System.IO.Hashing;
using System.IO.Pipelines;
using System.Security.Cryptography;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Commands.Digests;

/// <summary>A writer that keeps nothing of what is written but its digest.</summary>
internal sealed class HashWriter : PipeWriter, IDisposable
{
    private const int BufferSize = 128 * 1024;
    private readonly IncrementalHash? _hash;
    private readonly Crc32? _crc;
    private byte[] _buffer = [];

    public HashWriter(FtpHashAlgorithm algorithm)
    {
        if (algorithm == FtpHashAlgorithm.Crc32)
            _crc = new Crc32();
        else
            _hash = IncrementalHash.CreateHash(NameOf(algorithm));
    }

    /// <summary>The octets so far.</summary>
    public long Count { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => 0;

    public byte[] Finish()
    {
        if (_crc is null)
            return _hash!.GetHashAndReset();
        byte[] digest = _crc.GetCurrentHash();
        // The library gives the least significant octet first; people write CRCs the other way round.
        Array.Reverse(digest);
        return digest;
    }

    public override void Advance(int bytes) => Add(_buffer.AsSpan(0, bytes));

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length < Math.Max(sizeHint, 1))
        {
            ReturnBuffer();
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, BufferSize));
        }
        return _buffer;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: false));
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Add(source.Span);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public void Dispose()
    {
        ReturnBuffer();
        _hash?.Dispose();
    }

    private static HashAlgorithmName NameOf(FtpHashAlgorithm algorithm) => algorithm switch
    {
        FtpHashAlgorithm.Md5 => HashAlgorithmName.MD5,
        FtpHashAlgorithm.Sha1 => HashAlgorithmName.SHA1,
        FtpHashAlgorithm.Sha512 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private void Add(ReadOnlySpan<byte> octets)
    {
        Count += octets.Length;
        if (_crc is not null)
            _crc.Append(octets);
        else
            _hash!.AppendData(octets);
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
