namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// The names, facts, extents, accounts and journals of one installation, but no content. There are two implementations: SQLite (embedded) and
/// PostgreSQL/CockroachDB. Safe for any number of concurrent callers.
/// </summary>
/// <remarks>
/// <para>
/// Every call is one atomic unit that checks its own rows again: what a caller has read before may have changed, and then the outcome says so. Expected
/// refusals are outcomes; a <see cref="MetadataException"/> is thrown when the store cannot answer. All times are microseconds since 1970-01-01 UTC
/// (<see cref="MetadataTime"/>), all lengths bytes.
/// </para>
/// <para>
/// <b>Content.</b> A file's content is the list of extents under its <c>stor_key</c>. An upload writes its objects, then either publishes at once (few extents:
/// one unit), or journals extents in batches as they become durable and publishes at the end. Whatever is journalled but not published becomes garbage, or a
/// partial file, whoever finds it.
/// </para>
/// <para>
/// <b>Object ids.</b> Each object has a 63-bit id. An object store in which the writer chooses the names (local) takes ids from
/// <see cref="IMetadataContent.ReserveObjectIdAsync"/>: the metadata store reserves blocks of 1,024 ids, one row per block, so that an id is journalled before
/// its object exists although most calls do not use the database. After a crash, the reserved ids that no extent names become garbage, whether or not their
/// objects exist. An object store that chooses its own names takes <see cref="IMetadataContent.NewId"/> and stores the name in
/// <see cref="ObjectRow.Reference"/>.
/// </para>
/// </remarks>
internal interface IMetadataStore : IMetadataTree, IMetadataContent, IMetadataUpkeep, IMetadataAccounts, IAsyncDisposable;
