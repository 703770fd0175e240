namespace ZeroFtp.Tests.Fuzzing;

/// <summary>What measures the whole process, or writes the one map of branches that a process has, runs after everything else and by itself.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
