using Npgsql;
using ZeroFtp.Storage.Metadata.Postgres;

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

    /// <summary>Called in place of sending the next run of the unit, whose answer is then lost though it was not applied; then forgotten.</summary>
    public (string Unit, Action Act)? Instead { get; set; }

    /// <summary>How many faults were injected.</summary>
    public int Count { get; private set; }

    /// <summary>The next runs of the unit fail: so many with a serialization failure before they are sent, then so many with their answer lost after they were applied.</summary>
    public void Next(string unit, int before, int after) => (_unit, _before, _after) = (unit, before, after);

    public void Before(string unit)
    {
        if (Instead is { } instead && instead.Unit == unit)
        {
            Instead = null;
            instead.Act();
            throw new PostgresException("statement completion unknown", "ERROR", "ERROR", "40003");
        }
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
