namespace ZeroFtp.Storage.Options;

/// <summary>How the database of a distributed store is used. Every property has a default except <see cref="ConnectionString"/>.</summary>
public sealed record MetadataServerOptions
{
    /// <summary>
    /// An Npgsql connection string of a CockroachDB or PostgreSQL database, which may name several hosts, separated by commas. It may contain a password: treat
    /// it as a secret.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>What a client may see of changes made through another front-end.</summary>
    public DirectoryCoherence Coherence { get; init; } = DirectoryCoherence.Strict;

    /// <summary>Maximum age of an answer with <see cref="DirectoryCoherence.Bounded"/>.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>This front-end's name in the <c>server</c> table, for operators.</summary>
    public string FrontEndName { get; init; } = Environment.MachineName;

    /// <summary>How long after its last beat a front-end is considered dead. It beats four times as often.</summary>
    public TimeSpan FrontEndLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one operation is retried before the database counts as unavailable.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>True if opening the store migrates an older schema; otherwise it is refused.</summary>
    public bool Migrate { get; init; } = true;

    /// <summary>Returns every fault of these options, one sentence each; empty if there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Check(!string.IsNullOrWhiteSpace(ConnectionString), "ConnectionString must name a database.");
        Check(Enum.IsDefined(Coherence), "Coherence must be Strict or Bounded.");
        Check(MaxAge > TimeSpan.Zero && MaxAge <= TimeSpan.FromHours(1), "MaxAge must be between 0 and an hour.");
        Check(!string.IsNullOrWhiteSpace(FrontEndName), "FrontEndName must not be empty.");
        Check(FrontEndLifetime >= TimeSpan.FromSeconds(1) && FrontEndLifetime <= TimeSpan.FromDays(1), "FrontEndLifetime must be between a second and a day.");
        Check(Timeout >= TimeSpan.FromMilliseconds(100) && Timeout <= TimeSpan.FromHours(1), "Timeout must be between 100 ms and an hour.");
        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds)
                faults.Add(fault);
        }
    }
}
