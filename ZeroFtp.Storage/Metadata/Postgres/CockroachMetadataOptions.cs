namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>What the store on CockroachDB or PostgreSQL can be told.</summary>
internal sealed record CockroachMetadataOptions : MetadataOptions
{
    /// <summary>An Npgsql connection string; several hosts may be named (<c>Host=a,b,c;Load Balance Hosts=true</c>). What it leaves open gets the values that this store is meant to run with.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>How often a unit is tried at most when the database asks for it or its answer is lost. No bound by default: it is the time that should end it, however fast a database refuses.</summary>
    public int Attempts { get; init; } = int.MaxValue;

    /// <summary>How long a unit is tried at most, all attempts together.</summary>
    public TimeSpan UnitTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The shortest upper bound of the random wait before another attempt; it doubles each time.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The longest upper bound of that wait.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(256);

    /// <summary>
    /// Whether the times that are compared between front-ends (lifetimes, grace, turns) are the database's. True in production: then no clock of a machine matters. A test that moves the time sets it to
    /// false, and <see cref="MetadataOptions.Clock"/> stands in for the database's clock.
    /// </summary>
    public bool UsesDatabaseClock { get; init; } = true;

    /// <summary>Called before each attempt and again when its answer is there, for tests that inject faults; null in production.</summary>
    public ISqlFaults? Faults { get; init; }
}

/// <summary>Faults that a test injects.</summary>
internal interface ISqlFaults
{
    /// <summary>Before the unit is sent; may throw what the database would.</summary>
    void Before(string unit);

    /// <summary>After it was applied, before its answer is seen; may throw what a broken connection would.</summary>
    void After(string unit);
}
