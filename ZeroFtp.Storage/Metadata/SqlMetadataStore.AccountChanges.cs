using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata;

internal sealed partial class SqlMetadataStore
{
    private static readonly TimeSpan ChangesKept = TimeSpan.FromDays(1);

    public async ValueTask<long> LastAccountChangeAsync(CancellationToken cancellationToken) =>
        await runner.ReadAsync(AccountChangeSql.Last, new SqlArgs(), Rows.NumberAsync, cancellationToken).ConfigureAwait(false) ?? 0;

    public ValueTask<IReadOnlyList<AccountChange>> ReadAccountChangesAsync(long after, CancellationToken cancellationToken) =>
        runner.ReadAsync(AccountChangeSql.Read, new SqlArgs().Add("after", after), static async (reader, token) =>
        {
            List<AccountChange> changes = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                changes.Add(new AccountChange(reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2)));
            return (IReadOnlyList<AccountChange>)changes;
        }, cancellationToken);

    public ValueTask AccountChangeAppliedAsync(long change, int ended, int kept, CancellationToken cancellationToken) => WriteAsync(
        AccountChangeSql.Applied,
        new SqlArgs().Add("change", change).Add("server", ServerId).Add("ended", (long)ended).Add("kept", (long)kept).Add("old", Now - Microseconds(ChangesKept)),
        cancellationToken);

    public ValueTask<AccountChangeEffect?> GetAccountChangeEffectAsync(string name, CancellationToken cancellationToken) =>
        runner.ReadAsync(AccountChangeSql.Effect, new SqlArgs().Add("account", name).Add("now", Now), static async (reader, token) =>
        {
            await reader.ReadAsync(token).ConfigureAwait(false);
            return Rows.Number(reader, 4) is null
                ? (AccountChangeEffect?)null
                : new AccountChangeEffect((int)reader.GetInt64(0), (int)reader.GetInt64(1), (int)reader.GetInt64(2), (int)reader.GetInt64(3));
        }, cancellationToken);
}
