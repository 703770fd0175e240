using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Accounts and their rules.</summary>
internal static class AccountSql
{
    private const string Columns = "name, pass, path_id, permissions, admin, disabled, expires, addresses, quota, quota_files, upload_rate, download_rate, settings";

    /// <summary>Maximum number of distinct hashing costs.</summary>
    public const int MaxCosts = 16;

    private static readonly ConcurrentDictionary<(bool?, int), SqlUnit> Saves = new();

    public static readonly SqlUnit Find = new("FindAccount", $"""
        SELECT path_id, permissions FROM dir_rule WHERE account = @account ORDER BY path_id;
        SELECT {Columns} FROM account WHERE name = @account;
        """);

    /// <summary>Like Find, but with the same cost and shape for a name that does not exist: returns the account's row or a decoy.</summary>
    public static readonly SqlUnit FindLogin = new("FindLogin", """
        SELECT path_id, permissions FROM dir_rule WHERE account = @account ORDER BY path_id;
        SELECT COALESCE(a.name, @account), COALESCE(a.pass, @pass), COALESCE(a.path_id, 0), COALESCE(a.permissions, 0), COALESCE(a.admin, FALSE), COALESCE(a.disabled, TRUE), a.expires, COALESCE(a.addresses, ''),
          a.quota, a.quota_files, a.upload_rate, a.download_rate, COALESCE(a.settings, @settings), a.name IS NULL
        FROM (SELECT 1 AS one) AS asked
        LEFT JOIN account AS a ON a.name = @account;
        """);

    /// <summary>Finds a hash with none of the known costs.</summary>
    public static readonly SqlUnit OtherHash = new("FindOtherHash", $"""
        SELECT pass FROM account
        WHERE pass <> '' {string.Concat(Enumerable.Range(0, MaxCosts).Select(static i => $"AND pass NOT LIKE @p{i} "))}
        LIMIT 1;
        """);

    public static readonly SqlUnit List = new("ListAccounts", $"""
        SELECT account, path_id, permissions FROM dir_rule ORDER BY account, path_id;
        SELECT {Columns} FROM account ORDER BY name;
        """);

    public static readonly SqlUnit Delete = new("DeleteAccount", $"""
        {MarkSql.LeaveFor("account WHERE name = @account")}
        {Changed("TRUE")}
        DELETE FROM dir_rule WHERE account = @account;
        DELETE FROM account WHERE name = @account;
        """) { IsMarked = true };

    public static readonly SqlUnit SetPassword = new("SetPassword", $"""
        {MarkSql.LeaveFor("account WHERE name = @account AND (@old IS NULL OR pass = @old)")}
        UPDATE account SET pass = @pass WHERE name = @account AND {Won};
        {Changed("TRUE", " AND CAST(@old AS TEXT) IS NULL")}
        """) { IsMarked = true };

    /// <summary>Accounts change so rarely that their units may read the mark itself.</summary>
    private const string Won = "EXISTS (SELECT 1 FROM mark WHERE mark.id = @mark AND mark.run = @run)";

    public static SqlUnit Save(bool? exists, int rules) => Saves.GetOrAdd((exists, rules), static x => new SqlUnit("SaveAccount", $"""
        {(x.Item1 == true ? Change : Insert(x.Item1 == false))}
        {(x.Item1 == false ? "" : Changed("CAST(@pass AS TEXT) IS NOT NULL"))}
        DELETE FROM dir_rule WHERE account = @account AND {Won};
        {string.Concat(Enumerable.Range(0, x.Item2).Select(static i => $"INSERT INTO dir_rule (account, path_id, permissions) SELECT name, @d{i}, @p{i} FROM account WHERE name = @account AND {Won} ON CONFLICT (account, path_id) DO NOTHING;\n"))}
        SELECT COUNT(*) FROM path WHERE id = @home;
        """) { IsMarked = true });

    private static readonly string Change = $"""
        {MarkSql.LeaveFor("account WHERE name = @account AND (@was IS NULL OR settings = @was) AND EXISTS (SELECT 1 FROM path WHERE id = @home)")}
        UPDATE account SET pass = COALESCE(@pass, pass), path_id = @home, permissions = @permissions, admin = @admin, disabled = @disabled, expires = @expires, addresses = @addresses, quota = @quota,
          quota_files = @quotafiles, upload_rate = @up, download_rate = @down, settings = @settings
        WHERE name = @account AND {Won};
        """;

    private static string Insert(bool isNew) => $"""
        {MarkSql.LeaveFor("path WHERE id = @home" + (isNew ? " AND NOT EXISTS (SELECT 1 FROM account WHERE name = @account)" : ""))}
        INSERT INTO account ({Columns})
        SELECT @account, @pass, id, @permissions, @admin, @disabled, @expires, @addresses, @quota, @quotafiles, @up, @down, @settings FROM path WHERE id = @home AND {Won}
        {(isNew ? "" : $"ON CONFLICT (name) DO {Replace}")};
        """;

    /// <summary>Records a change, in the unit that makes it, so that open sessions which lose something end.</summary>
    private static string Changed(string isPassword, string condition = "") => $"""
        INSERT INTO account_change (id, account, new_pass, made)
        SELECT COALESCE((SELECT MAX(c.id) FROM account_change AS c), 0) + 1, a.name, {isPassword}, @now FROM account AS a WHERE a.name = @account AND {Won}{condition};
        """;

    private const string Replace = """
        UPDATE SET pass = excluded.pass, path_id = excluded.path_id, permissions = excluded.permissions, admin = excluded.admin, disabled = excluded.disabled, expires = excluded.expires,
        addresses = excluded.addresses, quota = excluded.quota, quota_files = excluded.quota_files, upload_rate = excluded.upload_rate, download_rate = excluded.download_rate, settings = excluded.settings
        """;
}
