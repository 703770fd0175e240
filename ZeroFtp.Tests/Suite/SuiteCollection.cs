namespace ZeroFtp.Tests.Suite;

/// <summary>What measures time, memory or descriptors: after all the rest, one by one.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SuiteCollection
{
    public const string Name = "conformance";
}
