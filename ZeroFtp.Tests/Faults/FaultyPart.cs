namespace ZeroFtp.Tests.Faults;

/// <summary>A part of a distributed store that can be taken away, given back, and slowed down.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="TakeAway">Takes it away at once.</param>
/// <param name="GiveBack">Gives it back.</param>
/// <param name="SlowDown">Lets each of its answers be so much later.</param>
internal sealed record FaultyPart(string Name, Func<Task> TakeAway, Func<Task> GiveBack, Func<TimeSpan, Task> SlowDown);
