namespace ZeroFtp.Storage.Metadata.Migrations;

/// <summary>
/// One statement that changes the schema. It must be repeatable: CockroachDB runs it outside any transaction, and a front-end may die between the change and
/// its record.
/// </summary>
/// <param name="Number">Its position. The schema's version is the number of its last step.</param>
/// <param name="What">A description for <c>migrate --plan</c>.</param>
/// <param name="Server">The statement for CockroachDB and PostgreSQL.</param>
/// <param name="Sqlite">The statement for SQLite, or null if it needs none.</param>
internal sealed record MigrationStep(int Number, string What, string Server, string? Sqlite);
