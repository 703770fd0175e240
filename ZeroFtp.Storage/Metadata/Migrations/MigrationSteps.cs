namespace ZeroFtp.Storage.Metadata.Migrations;

/// <summary>Every step since the beginning. Steps are only ever added at the end; one that was released is never edited.</summary>
/// <remarks>
/// All numbers are INT8, all times microseconds since 1970-01-01 UTC, all keys made by the client; no COLLATE, no sequence, no default that differs between databases. SQLite keeps
/// <c>file</c> and <c>extent</c> in the order of their keys (WITHOUT ROWID), which is what listing and reading need; the others get a covering index for listing.
/// </remarks>
internal static class MigrationSteps
{
    public static IReadOnlyList<MigrationStep> All { get; } = Number(
        Both("settings of the store", """
            CREATE TABLE IF NOT EXISTS meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)
            """),
        Both("directories", """
            CREATE TABLE IF NOT EXISTS path (id {ID}, name TEXT NULL, ver INT8 NOT NULL DEFAULT 0)
            """),
        Both("names of roots", """
            CREATE UNIQUE INDEX IF NOT EXISTS path_name ON path (name) WHERE name IS NOT NULL
            """),
        new(0, "entries",
            """
            CREATE TABLE IF NOT EXISTS file (
              id INT8 NOT NULL PRIMARY KEY,
              path_id INT8 NOT NULL REFERENCES path (id),
              name TEXT NOT NULL,
              is_dir BOOL NOT NULL,
              filemode INT8 NOT NULL,
              mod_time INT8 NOT NULL,
              birth_time INT8 NOT NULL,
              size INT8 NOT NULL DEFAULT 0,
              stor_key TEXT NULL,
              partial BOOL NOT NULL DEFAULT FALSE,
              link TEXT NULL,
              owner TEXT NOT NULL DEFAULT '',
              ver INT8 NOT NULL DEFAULT 1,
              CONSTRAINT file_name_ok CHECK (octet_length(name) BETWEEN 1 AND 1020 AND name <> '.' AND name <> '..'),
              CONSTRAINT file_size_ok CHECK (size >= 0),
              CONSTRAINT file_dir_ok CHECK (NOT is_dir OR (stor_key IS NULL AND size = 0 AND link IS NULL)),
              CONSTRAINT file_link_ok CHECK (link IS NULL OR (stor_key IS NULL AND size = 0))
            )
            """,
            """
            CREATE TABLE IF NOT EXISTS file (
              id INTEGER NOT NULL UNIQUE,
              path_id INTEGER NOT NULL REFERENCES path (id),
              name TEXT NOT NULL,
              is_dir BOOL NOT NULL,
              filemode INT8 NOT NULL,
              mod_time INT8 NOT NULL,
              birth_time INT8 NOT NULL,
              size INT8 NOT NULL DEFAULT 0,
              stor_key TEXT NULL,
              partial BOOL NOT NULL DEFAULT FALSE,
              link TEXT NULL,
              owner TEXT NOT NULL DEFAULT '',
              ver INT8 NOT NULL DEFAULT 1,
              PRIMARY KEY (path_id, name),
              CONSTRAINT file_name_ok CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 1020 AND name <> '.' AND name <> '..'),
              CONSTRAINT file_size_ok CHECK (size >= 0),
              CONSTRAINT file_dir_ok CHECK (NOT is_dir OR (stor_key IS NULL AND size = 0 AND link IS NULL)),
              CONSTRAINT file_link_ok CHECK (link IS NULL OR (stor_key IS NULL AND size = 0))
            ) WITHOUT ROWID
            """),
        new(0, "one entry a name",
            "CREATE UNIQUE INDEX IF NOT EXISTS file_path_name ON file (path_id, name) INCLUDE (is_dir, filemode, mod_time, birth_time, size, partial, link, owner, ver)",
            null),
        Both("one file a content", """
            CREATE UNIQUE INDEX IF NOT EXISTS file_stor_key ON file (stor_key) WHERE stor_key IS NOT NULL
            """),
        Both("extents", """
            CREATE TABLE IF NOT EXISTS extent (
              stor_key TEXT NOT NULL,
              start INT8 NOT NULL,
              length INT8 NOT NULL,
              object INT8 NOT NULL,
              object_offset INT8 NOT NULL,
              object_length INT8 NOT NULL,
              hash {BYTES} NOT NULL,
              crc INT8 NOT NULL,
              ref TEXT NULL,
              PRIMARY KEY (stor_key, start)
            ) {CLUSTERED}
            """),
        Both("extents of an object", """
            CREATE INDEX IF NOT EXISTS extent_object ON extent (object)
            """),
        Both("front-ends", """
            CREATE TABLE IF NOT EXISTS server (id {ID}, name TEXT NOT NULL, started INT8 NOT NULL, oldest INT8 NOT NULL, expires INT8 NOT NULL)
            """),
        Both("uploads in flight", """
            CREATE TABLE IF NOT EXISTS upload (
              server_id INT8 NOT NULL REFERENCES server (id),
              stor_key TEXT NOT NULL,
              path_id INT8 NOT NULL,
              name TEXT NOT NULL,
              owner TEXT NOT NULL,
              kind INT8 NOT NULL,
              filemode INT8 NOT NULL,
              base_id INT8 NULL,
              base_key TEXT NULL,
              base_ver INT8 NULL,
              base_size INT8 NULL,
              start INT8 NOT NULL,
              repeats INT8 NOT NULL,
              keep BOOL NOT NULL,
              length INT8 NOT NULL,
              started INT8 NOT NULL,
              ready BOOL NOT NULL DEFAULT FALSE,
              PRIMARY KEY (server_id, stor_key)
            ) {CLUSTERED}
            """),
        Both("object ids given out", """
            CREATE TABLE IF NOT EXISTS reserve (server_id INT8 NOT NULL REFERENCES server (id), first INT8 NOT NULL, count INT8 NOT NULL, PRIMARY KEY (server_id, first)) {CLUSTERED}
            """),
        Both("contents that nothing refers to", """
            CREATE TABLE IF NOT EXISTS garbage (stor_key TEXT NOT NULL PRIMARY KEY, size INT8 NOT NULL, made INT8 NOT NULL, due INT8 NOT NULL) {CLUSTERED}
            """),
        Both("garbage by time", """
            CREATE INDEX IF NOT EXISTS garbage_due ON garbage (due)
            """),
        Both("objects that nothing refers to", """
            CREATE TABLE IF NOT EXISTS garbage_object (
              object {ID}, length INT8 NOT NULL, hash {BYTES} NOT NULL, crc INT8 NOT NULL, ref TEXT NULL, made INT8 NOT NULL, due INT8 NOT NULL
            )
            """),
        Both("dead objects by time", """
            CREATE INDEX IF NOT EXISTS garbage_object_due ON garbage_object (due)
            """),
        Both("what owners have", """
            CREATE TABLE IF NOT EXISTS usage (owner TEXT NOT NULL, slot INT8 NOT NULL, bytes INT8 NOT NULL, files INT8 NOT NULL, PRIMARY KEY (owner, slot)) {CLUSTERED}
            """),
        Both("accounts", """
            CREATE TABLE IF NOT EXISTS account (
              name TEXT NOT NULL PRIMARY KEY,
              pass TEXT NOT NULL,
              path_id INT8 NOT NULL REFERENCES path (id),
              permissions INT8 NOT NULL,
              admin BOOL NOT NULL,
              disabled BOOL NOT NULL,
              expires INT8 NULL,
              addresses TEXT NOT NULL,
              quota INT8 NULL,
              quota_files INT8 NULL,
              upload_rate INT8 NULL,
              download_rate INT8 NULL,
              settings TEXT NOT NULL
            )
            """),
        Both("accounts by home", """
            CREATE INDEX IF NOT EXISTS account_path ON account (path_id)
            """),
        Both("accounts' rules for directories", """
            CREATE TABLE IF NOT EXISTS dir_rule (account TEXT NOT NULL, path_id INT8 NOT NULL, permissions INT8 NOT NULL, PRIMARY KEY (account, path_id)) {CLUSTERED}
            """),
        Both("the roots", """
            INSERT INTO path (id, name, ver) VALUES (1, '/', 0), (2, '#trash', 0) ON CONFLICT (id) DO NOTHING
            """),
        Both("changes of accounts", """
            CREATE TABLE IF NOT EXISTS account_change (id {ID}, account TEXT NOT NULL, new_pass BOOL NOT NULL, made INT8 NOT NULL)
            """),
        Both("changes of one account", """
            CREATE INDEX IF NOT EXISTS account_change_account ON account_change (account, id)
            """),
        Both("what serving processes did about them", """
            CREATE TABLE IF NOT EXISTS account_change_seen (change_id INT8 NOT NULL, server_id INT8 NOT NULL, ended INT8 NOT NULL, kept INT8 NOT NULL, PRIMARY KEY (change_id, server_id)) {CLUSTERED}
            """),
        new(0, "marks of operations", "CREATE TABLE IF NOT EXISTS mark (id INT8 NOT NULL PRIMARY KEY, run INT8 NOT NULL, made INT8 NOT NULL)", null),
        new(0, "which run changed a directory last", "ALTER TABLE path ADD COLUMN IF NOT EXISTS run INT8 NOT NULL DEFAULT 0", "ALTER TABLE path ADD COLUMN run INT8 NOT NULL DEFAULT 0"));

    private static MigrationStep Both(string what, string text) => new(0, what,
        text.Replace("{ID}", "INT8 NOT NULL PRIMARY KEY", StringComparison.Ordinal).Replace("{BYTES}", "BYTEA", StringComparison.Ordinal).Replace("{CLUSTERED}", "", StringComparison.Ordinal).TrimEnd(),
        text.Replace("{ID}", "INTEGER NOT NULL PRIMARY KEY", StringComparison.Ordinal).Replace("{BYTES}", "BLOB", StringComparison.Ordinal).Replace("{CLUSTERED}", "WITHOUT ROWID", StringComparison.Ordinal));

    private static MigrationStep[] Number(params MigrationStep[] steps) => [.. steps.Select(static (step, i) => step with { Number = i + 1 })];
}
