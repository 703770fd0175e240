namespace ZeroFtp.Tests.Faults.Model;

/// <summary>What an actor was answered, and when.</summary>
/// <param name="Value">The value, or null if it failed.</param>
/// <param name="Again">Whether an earlier answer to the same unit was lost.</param>
/// <param name="Fault">The failure, or null.</param>
/// <param name="Steps">The time at which it came.</param>
internal sealed record ModelAnswer(object? Value, bool Again, Exception? Fault, int Steps);

/// <summary>What an actor waits for: a unit of the metadata, or a call of the object store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsWrite">Whether its answer can be lost, so that it is run again.</param>
/// <param name="Run">Does it; the number says how often it was sent before.</param>
internal sealed record ModelRequest(string Name, bool IsWrite, Func<ModelWorld, int, object?> Run);
