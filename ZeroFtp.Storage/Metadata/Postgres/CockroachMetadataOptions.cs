namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>Options of the store on CockroachDB or PostgreSQL.</summary>
internal sealed record CockroachMetadataOptions : MetadataOptions
{
    /// <summary>
    /// An Npgsql connection string, which may name several hosts (<c>Host=a,b,c;Load Balance Hosts=true</c>). Settings that it leaves open get this store's
    /// defaults.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Maximum number of attempts when the database asks for a retry or an answer is lost. Unlimited by default: the timeout should end the retries, however
    /// fast a database refuses.
    /// </summary>
    public int Attempts { get; init; } = int.MaxValue;

    /// <summary>Time limit for a unit, all attempts together.</summary>
    public TimeSpan UnitTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The initial upper bound of the random wait before a retry; it doubles each time.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The largest upper bound of that wait.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(256);

    /// <summary>
    /// True if times that are compared between front-ends (lifetimes, grace, turns) come from the database's clock. True in production, so that no machine's
    /// clock matters. Tests that control the time set it to false, and <see cref="MetadataOptions.Clock"/> replaces the database's clock.
    /// </summary>
    public bool UsesDatabaseClock { get; init; } = true;

    /// <summary>Called before each attempt and after its answer has arrived, for tests that inject faults. Null in production.</summary>
    public ISqlFaults? Faults { get; init; }
}

/// <summary>Faults injected by a test.</summary>
internal interface ISqlFaults
{
    /// <summary>Called before the unit is sent. May throw what the database would.</summary>
    void Before(string unit);

    /// <summary>Called after the unit was applied, before its answer is used. May throw what a broken connection would.</summary>
    void After(string unit);
}
