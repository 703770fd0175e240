namespace ZeroFtp.Tests.Faults.Model;

/// <summary>The clock of the model: it moves only when the search says that time passes.</summary>
internal sealed class ModelClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2031, 4, 5, 6, 7, 8, TimeSpan.Zero);

    /// <summary>How far a step of time goes: beyond every lifetime, lease and grace of the store.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(30);

    /// <summary>How often time has passed.</summary>
    public int Steps { get; set; }

    public override DateTimeOffset GetUtcNow() => Start + (Steps * Step);
}
