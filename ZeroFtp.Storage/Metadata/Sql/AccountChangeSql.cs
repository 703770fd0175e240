namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Changes of accounts, numbered without gaps, and what each server process has done about them.</summary>
internal static class AccountChangeSql
{
    public static readonly SqlUnit Last = new("LastAccountChange", "SELECT COALESCE(MAX(id), 0) FROM account_change;");

    public static readonly SqlUnit Read = new("ReadAccountChanges", "SELECT id, account, new_pass FROM account_change WHERE id > @after ORDER BY id LIMIT 200;");

    /// <summary>Keeps the last change, because the next number is counted from it.</summary>
    public static readonly SqlUnit Applied = new("AccountChangeApplied", """
        INSERT INTO account_change_seen (change_id, server_id, ended, kept) VALUES (@change, @server, @ended, @kept) ON CONFLICT (change_id, server_id) DO NOTHING;
        DELETE FROM account_change WHERE made < @old AND id < @change;
        DELETE FROM account_change_seen WHERE change_id < (SELECT MIN(id) FROM account_change);
        """);

    public static readonly SqlUnit Effect = new("AccountChangeEffect", """
        SELECT COUNT(*), COUNT(seen.server_id), CAST(COALESCE(SUM(seen.ended), 0) AS INT8), CAST(COALESCE(SUM(seen.kept), 0) AS INT8), (SELECT MAX(id) FROM account_change WHERE account = @account)
        FROM server AS s
        LEFT JOIN account_change_seen AS seen ON seen.server_id = s.id AND seen.change_id = (SELECT MAX(id) FROM account_change WHERE account = @account)
        WHERE s.expires > @now;
        """);
}
