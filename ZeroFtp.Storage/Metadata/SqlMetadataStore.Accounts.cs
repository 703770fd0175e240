using System.Data.Common;
using System.Globalization;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata;

internal sealed partial class SqlMetadataStore
{
    public ValueTask<AccountRow?> FindAccountAsync(string name, CancellationToken cancellationToken) =>
        runner.ReadAsync(AccountSql.Find, new SqlArgs().Add("account", name), static async (reader, token) =>
        {
            List<AccountRule> rules = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                rules.Add(new AccountRule(reader.GetInt64(0), reader.GetInt64(1)));
            await reader.NextResultAsync(token).ConfigureAwait(false);
            return await reader.ReadAsync(token).ConfigureAwait(false) ? ReadAccount(reader, rules) : null;
        }, cancellationToken);

    public ValueTask<AccountRow> FindLoginAsync(string name, string decoyHash, string decoySettings, CancellationToken cancellationToken) =>
        runner.ReadAsync(AccountSql.FindLogin, new SqlArgs().Add("account", name).Add("pass", decoyHash).Add("settings", decoySettings), static async (reader, token) =>
        {
            List<AccountRule> rules = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                rules.Add(new AccountRule(reader.GetInt64(0), reader.GetInt64(1)));
            await reader.NextResultAsync(token).ConfigureAwait(false);
            await reader.ReadAsync(token).ConfigureAwait(false);
            return ReadAccount(reader, rules) with { IsDecoy = reader.GetBoolean(13) };
        }, cancellationToken);

    public ValueTask<string?> FindHashAsync(IReadOnlyList<string> exceptBeginnings, CancellationToken cancellationToken)
    {
        SqlArgs args = new();
        for (int i = 0; i < AccountSql.MaxCosts; i++)
            args.Add(string.Create(CultureInfo.InvariantCulture, $"p{i}"), i < exceptBeginnings.Count ? exceptBeginnings[i] + "%" : "");
        return runner.ReadAsync(AccountSql.OtherHash, args, static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetString(0) : null, cancellationToken);
    }

    public ValueTask<IReadOnlyList<AccountRow>> ListAccountsAsync(CancellationToken cancellationToken) =>
        runner.ReadAsync(AccountSql.List, new SqlArgs(), static async (reader, token) =>
        {
            Dictionary<string, List<AccountRule>> rules = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                string account = reader.GetString(0);
                if (!rules.TryGetValue(account, out List<AccountRule>? own))
                    rules.Add(account, own = []);
                own.Add(new AccountRule(reader.GetInt64(1), reader.GetInt64(2)));
            }
            await reader.NextResultAsync(token).ConfigureAwait(false);
            List<AccountRow> accounts = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                accounts.Add(ReadAccount(reader, rules.GetValueOrDefault(reader.GetString(0)) ?? []));
            return (IReadOnlyList<AccountRow>)accounts;
        }, cancellationToken);

    public async ValueTask<Outcome> SaveAccountAsync(AccountRow account, bool? exists, string? was, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("account", account.Name).Add("pass", account.PasswordHash).Add("home", account.Home).Add("permissions", account.Permissions).Add("admin", account.IsAdmin)
            .Add("disabled", account.IsDisabled).Add("expires", account.Expires).Add("addresses", account.AllowedAddresses).Add("quota", account.QuotaBytes).Add("quotafiles", account.QuotaFiles)
            .Add("up", account.UploadRate).Add("down", account.DownloadRate).Add("settings", account.Settings);
        if (exists != false)
            args.Add("now", Now);
        if (exists == true)
            args.Add("was", was);
        for (int i = 0; i < account.Rules.Count; i++)
        {
            args.Add(string.Create(CultureInfo.InvariantCulture, $"d{i}"), account.Rules[i].Directory);
            args.Add(string.Create(CultureInfo.InvariantCulture, $"p{i}"), account.Rules[i].Permissions);
        }
        (Applied applied, long? homes) = await WriteOnceAsync(AccountSql.Save(exists, account.Rules.Count), args, Rows.NumberAsync, 0, cancellationToken).ConfigureAwait(false);
        if (applied != Applied.Never)
            return Outcome.Done;
        if (homes is null or 0)
            return Outcome.NotFound;
        if (exists == true)
            return was is not null && await FindAccountAsync(account.Name, cancellationToken).ConfigureAwait(false) is not null ? Outcome.Conflict : Outcome.NotFound;
        return Outcome.AlreadyExists;
    }

    public async ValueTask<bool> SetPasswordAsync(string name, string hash, string? old, CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("account", name).Add("pass", hash).Add("old", old).Add("now", Now);
        return await WriteOnceAsync(AccountSql.SetPassword, args, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<bool> DeleteAccountAsync(string name, CancellationToken cancellationToken) => WriteOnceAsync(AccountSql.Delete, new SqlArgs().Add("account", name).Add("now", Now), cancellationToken);

    private async ValueTask<bool> WriteOnceAsync(SqlUnit unit, SqlArgs args, CancellationToken cancellationToken) =>
        (await WriteOnceAsync(unit, args, static (_, _) => ValueTask.FromResult(0), 0, cancellationToken).ConfigureAwait(false)).Applied != Applied.Never;

    private static AccountRow ReadAccount(DbDataReader reader, IReadOnlyList<AccountRule> rules) => new()
    {
        Name = reader.GetString(0),
        PasswordHash = reader.GetString(1),
        Home = reader.GetInt64(2),
        Permissions = reader.GetInt64(3),
        IsAdmin = reader.GetBoolean(4),
        IsDisabled = reader.GetBoolean(5),
        Expires = Rows.Number(reader, 6),
        AllowedAddresses = reader.GetString(7),
        QuotaBytes = Rows.Number(reader, 8),
        QuotaFiles = Rows.Number(reader, 9),
        UploadRate = Rows.Number(reader, 10),
        DownloadRate = Rows.Number(reader, 11),
        Settings = reader.GetString(12),
        Rules = rules,
    };
}
