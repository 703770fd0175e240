using Polly;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// State that the attempts of one operation share. It travels in the pipeline's context; for a hedged read the pipeline copies the context, but not this
/// object.
/// </summary>
internal sealed class Operation(string name)
{
    private static readonly ResiliencePropertyKey<Operation> Key = new("operation");
    private long _spentTicks;

    public string Name => name;

    /// <summary>
    /// True if failures of shards are retried until the shards are back, or until they are known to be up and the parts lost. Otherwise the caller decides.
    /// </summary>
    public bool WaitsForShards { get; init; }

    /// <summary>The daemon of the last attempt; the next attempt prefers another.</summary>
    public Daemon? Last { get; set; }

    /// <summary>The time spent on attempts and pauses, without waiting for the bulkhead.</summary>
    public TimeSpan Spent => TimeSpan.FromTicks(Interlocked.Read(ref _spentTicks));

    public static Operation Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    public void Attach(ResilienceContext context) => context.Properties.Set(Key, this);

    public void Spend(TimeSpan time) => Interlocked.Add(ref _spentTicks, time.Ticks);
}
