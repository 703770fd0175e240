using BenchmarkDotNet.Attributes;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Memory;

namespace ZeroFtp.Benchmarks;

/// <summary>Whole listings of a directory with 1,000 files, from the driver to the writer; the time is that of one entry.</summary>
[MemoryDiagnoser]
public class ListingBenchmarks
{
    private const int Entries = 1000;
    private readonly NullWriter _writer = new();
    private MemoryDriver _driver = null!;

    [GlobalSetup]
    public void Setup()
    {
        MemoryTree tree = new();
        for (int index = 0; index < Entries; index++)
            tree.AddFile($"/report of the {index}th day.txt", new byte[index], DateTime.UtcNow.AddHours(-7 * index));
        _driver = new MemoryDriver(tree, "alice");
    }

    [Benchmark(OperationsPerInvoke = Entries)]
    public Task<long> List() => RunAsync(ListingVerb.List, "");

    [Benchmark(OperationsPerInvoke = Entries)]
    public Task<long> ListByTime() => RunAsync(ListingVerb.List, "-t");

    [Benchmark(OperationsPerInvoke = Entries)]
    public Task<long> ListPattern() => RunAsync(ListingVerb.List, "*9*.txt");

    [Benchmark(OperationsPerInvoke = Entries)]
    public Task<long> Names() => RunAsync(ListingVerb.Names, "");

    [Benchmark(OperationsPerInvoke = Entries)]
    public Task<long> Machine() => RunAsync(ListingVerb.Machine, "");

    private async Task<long> RunAsync(ListingVerb verb, string argument)
    {
        await using Listing listing = await Listing.OpenAsync(new ListingRequest { Verb = verb, Driver = _driver, Argument = argument }, CancellationToken.None);
        await listing.CopyToAsync(_writer, null, CancellationToken.None);
        return _writer.Count;
    }
}
