namespace ZeroFtp.Host.Metrics;

/// <summary>The values of one instrument under one set of labels. Measurements come from any thread.</summary>
internal abstract class MetricSeries
{
    public abstract void Record(double value);

    public abstract void Write(TextWriter writer, string name, string labels);

    protected static void WriteLine(TextWriter writer, string name, string labels, double value) =>
        writer.WriteLine(labels.Length == 0 ? $"{name} {PrometheusText.Number(value)}" : $"{name}{{{labels}}} {PrometheusText.Number(value)}");
}

/// <summary>What measurements add up to.</summary>
internal sealed class SumSeries : MetricSeries
{
    private double _sum;

    public override void Record(double value)
    {
        double seen = Volatile.Read(ref _sum);
        for (double before = double.NaN; before != seen;)
        {
            before = seen;
            seen = Interlocked.CompareExchange(ref _sum, before + value, before);
        }
    }

    public override void Write(TextWriter writer, string name, string labels) => WriteLine(writer, name, labels, Volatile.Read(ref _sum));
}

/// <summary>The last measurement.</summary>
internal sealed class ValueSeries : MetricSeries
{
    private double _value;

    public override void Record(double value) => Volatile.Write(ref _value, value);

    public override void Write(TextWriter writer, string name, string labels) => WriteLine(writer, name, labels, Volatile.Read(ref _value));
}

/// <summary>How measurements spread over buckets.</summary>
internal sealed class HistogramSeries(double[] bounds) : MetricSeries
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private readonly Lock _lock = new();
    private double _sum;

    public override void Record(double value)
    {
        int bucket = Array.BinarySearch(bounds, value);
        lock (_lock)
        {
            _counts[bucket < 0 ? ~bucket : bucket]++;
            _sum += value;
        }
    }

    public override void Write(TextWriter writer, string name, string labels)
    {
        long[] counts;
        double sum;
        lock (_lock)
            (counts, sum) = ([.. _counts], _sum);
        string separator = labels.Length == 0 ? "" : ",";
        long total = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            string bound = i < bounds.Length ? PrometheusText.Number(bounds[i]) : "+Inf";
            WriteLine(writer, name + "_bucket", $"{labels}{separator}le=\"{bound}\"", total);
        }
        WriteLine(writer, name + "_sum", labels, sum);
        WriteLine(writer, name + "_count", labels, total);
    }
}
