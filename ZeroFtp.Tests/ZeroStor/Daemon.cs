using ZeroFtp.ZeroStor.Shards;

namespace ZeroFtp.ZeroStor;

/// <summary>What the services of one daemon share.</summary>
internal sealed record Daemon(StandInOptions Options, ShardSet Shards, Faults Faults, Counters Counters, Action Kill)
{
    // What a machine would still give; the real daemon allocates whatever a client names.
    private const long Allocatable = 4L << 30;

    public BlockStore Blocks { get; } = new(Options, Shards, Faults);

    /// <summary>Dies of a buffer that cannot be allocated.</summary>
    public async Task AllocateAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytes <= 0)
            throw Errors.Invalid("chunk size has to be positive");
        if (bytes <= Allocatable)
            return;
        Kill();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
