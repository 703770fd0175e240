using Polly;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>What the attempts of one operation know of each other. It travels in the context of the pipeline, which copies the context for a second read but not this.</summary>
internal sealed class Operation(string name)
{
    private static readonly ResiliencePropertyKey<Operation> Key = new("operation");
    private long _spentTicks;

    public string Name => name;

    /// <summary>Whether a failure for shards is tried again until they are back, or until it is known that they are up and the parts are lost. Otherwise the caller judges it.</summary>
    public bool WaitsForShards { get; init; }

    /// <summary>The daemon of the latest attempt; the next one prefers another.</summary>
    public Daemon? Last { get; set; }

    /// <summary>The time that went into attempts and pauses, without the waiting for a place.</summary>
    public TimeSpan Spent => TimeSpan.FromTicks(Interlocked.Read(ref _spentTicks));

    public static Operation Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    public void Attach(ResilienceContext context) => context.Properties.Set(Key, this);

    public void Spend(TimeSpan time) => Interlocked.Add(ref _spentTicks, time.Ticks);
}
