using Npgsql;
using ZeroFtp.Storage.Metadata.Cockroach;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>Faults at random, or a number of them at a unit's next runs.</summary>
internal sealed class SqlFaults : ISqlFaults
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(4711);

    private string? _unit;
    private int _before;
    private int _after;

    /// <summary>How likely each fault is at each run.</summary>
    public double Likelihood { get; set; }

    /// <summary>How many faults were injected.</summary>
    public int Count { get; private set; }

    /// <summary>The next runs of the unit fail: so many with a serialization failure before they are sent, then so many with their answer lost after they were applied.</summary>
    public void Next(string unit, int before, int after) => (_unit, _before, _after) = (unit, before, after);

    public void Before(string unit)
    {
        lock (_lock)
        {
            if (!(unit == _unit && _before-- > 0) && _random.NextDouble() >= Likelihood)
                return;
            Count++;
        }
        throw new PostgresException("could not serialize access", "ERROR", "ERROR", "40001");
    }

    public void After(string unit)
    {
        lock (_lock)
        {
            if (!(unit == _unit && _before <= 0 && _after-- > 0) && _random.NextDouble() >= Likelihood)
                return;
            Count++;
        }
        throw new NpgsqlException("connection broken", new IOException());
    }
}
