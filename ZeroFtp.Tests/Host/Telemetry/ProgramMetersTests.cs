using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ZeroFtp.Host.Telemetry;

namespace ZeroFtp.Tests.Host.Telemetry;

public sealed class ProgramMetersTests
{
    [Fact]
    public void Labels_cannot_grow_a_metric_without_bound_and_nothing_is_lost_from_its_sum()
    {
        using Meter meter = new($"ZeroFtp.Tests.{Guid.NewGuid()}");
        Counter<int> counter = meter.CreateCounter<int>("odd");
        using PointExporter exporter = new();
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddProgramMeters().AddReader(new BaseExportingMetricReader(exporter)).Build();

        for (int number = 0; number < 5000; number++)
            counter.Add(1, new KeyValuePair<string, object?>("number", number));
        provider.ForceFlush();

        Assert.InRange(exporter.Points, ProgramMeters.MaxSeries - 1, ProgramMeters.MaxSeries + 1);
        Assert.Equal(5000, exporter.Sum);
    }

    private sealed class PointExporter : BaseExporter<Metric>
    {
        public int Points { get; private set; }

        public long Sum { get; private set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (Metric metric in batch)
            {
                if (metric.Name != "odd")
                    continue;
                foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
                {
                    Points++;
                    Sum += point.GetSumLong();
                }
            }
            return ExportResult.Success;
        }
    }
}
