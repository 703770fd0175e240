using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ZeroFtp.Benchmarks.Uploads;

if (args is ["uploads", ..])
{
    await UploadComparison.RunAsync(args.ElementAtOrDefault(1) ?? Path.GetTempPath());
    return 0;
}

if (args is ["embedded", ..])
{
    await ZeroFtp.Benchmarks.Embedded.EmbeddedMeasure.RunAsync(args[1..]);
    return 0;
}

if (args is ["distributed", ..])
    return await ZeroFtp.Benchmarks.Distributed.Report.RunAsync(args[1..]);

// In one process: the numbers of a benchmark that needs no network do not gain from a build and a process of their own.
IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(ZeroFtp.Benchmarks.Distributed.Report).Assembly).Run(args, config);
return 0;
