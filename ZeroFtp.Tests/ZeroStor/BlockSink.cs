using Grpc.Core;

namespace ZeroFtp.ZeroStor;

/// <summary>Collects a stream of bytes into blocks.</summary>
internal sealed class BlockSink(BlockStore blocks, Counters counters)
{
    private const int ManyBlocks = 20;

    private readonly byte[] _block = new byte[blocks.BlockSize];
    private readonly List<StoredChunk> _chunks = [];
    private int _filled;
    private int _count;
    private RpcException? _failure;

    public IReadOnlyList<StoredChunk> Chunks => _chunks;

    public long Length { get; private set; }

    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Length += bytes.Length;
        counters.Received(bytes.Length);
        while (bytes.Length > 0)
        {
            int take = Math.Min(bytes.Length, _block.Length - _filled);
            bytes[..take].CopyTo(_block.AsMemory(_filled));
            bytes = bytes[take..];
            _filled += take;
            if (_filled == _block.Length)
                await EmitAsync(cancellationToken);
        }
    }

    /// <summary>Writes the last block. After a failure within many blocks there is no answer, ever.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
            await EmitAsync(cancellationToken);
        if (_failure is null)
            return;
        if (_count >= ManyBlocks)
        {
            counters.Hung();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        throw _failure;
    }

    private async Task EmitAsync(CancellationToken cancellationToken)
    {
        _count++;
        int length = _filled;
        _filled = 0;
        if (_failure is not null)
            return;
        try
        {
            _chunks.AddRange(await blocks.WriteAsync(_block.AsMemory(0, length), cancellationToken));
        }
        catch (RpcException failure)
        {
            _failure = failure;
        }
    }
}
