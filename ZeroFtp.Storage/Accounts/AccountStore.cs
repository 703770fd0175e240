using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>The accounts in the metadata store.</summary>
internal sealed class AccountStore(IMetadataStore metadata, PasswordHasher hasher, TimeProvider timeProvider) : IAccounts
{
    private const int HomeMode = 0b111_101_101;
    private const int MaxChanges = 100;
    private static readonly TimeSpan EffectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EffectInterval = TimeSpan.FromMilliseconds(100);

    public async ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        AccountRow? row = await metadata.FindAccountAsync(name, cancellationToken).ConfigureAwait(false);
        return row is null ? null : await ToAccountAsync(row, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<Account> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (AccountRow row in await metadata.ListAccountsAsync(cancellationToken).ConfigureAwait(false))
            yield return await ToAccountAsync(row, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<bool> AddAsync(Account account, string? password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        AccountFaults.ThrowIfAny(account);
        if (await metadata.FindAccountAsync(account.Name, cancellationToken).ConfigureAwait(false) is not null)
            return false;
        string hash = password is null ? "" : await hasher.HashAsync(password, client: null, cancellationToken).ConfigureAwait(false);
        return await SaveAsync(account, hash, exists: false, read: null, cancellationToken).ConfigureAwait(false) == Outcome.Done;
    }

    public async ValueTask<bool> UpdateAsync(Account account, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        AccountFaults.ThrowIfAny(account);
        if (await metadata.FindAccountAsync(account.Name, cancellationToken).ConfigureAwait(false) is null)
            return false;
        return await SaveAsync(account, hash: null, exists: true, read: null, cancellationToken).ConfigureAwait(false) == Outcome.Done;
    }

    public async ValueTask<bool> ChangeAsync(string name, Func<Account, Account> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(change);
        for (int i = 0; i < MaxChanges; i++)
        {
            if (await metadata.FindAccountAsync(name, cancellationToken).ConfigureAwait(false) is not AccountRow row)
                return false;
            Account account = change(await ToAccountAsync(row, cancellationToken).ConfigureAwait(false)) with { Name = name };
            AccountFaults.ThrowIfAny(account);
            Outcome outcome = await SaveAsync(account, hash: null, exists: true, row, cancellationToken).ConfigureAwait(false);
            if (outcome != Outcome.Conflict)
                return outcome == Outcome.Done;
        }
        throw new IOException($"The account '{name}' was not changed: concurrent changes made every attempt fail.");
    }

    public async ValueTask<bool> SetPasswordAsync(string name, string? password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        string hash = password is null ? "" : await hasher.HashAsync(password, client: null, cancellationToken).ConfigureAwait(false);
        return await metadata.SetPasswordAsync(name, hash, old: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Hashes a password again with the current scheme and cost, unless the stored hash is no longer <paramref name="verified"/>, the hash that the password
    /// was verified against.
    /// </summary>
    public async ValueTask RenewPasswordAsync(string name, string password, string verified, System.Net.IPNetwork? client, CancellationToken cancellationToken)
    {
        string hash = await hasher.HashAsync(password, client, cancellationToken).ConfigureAwait(false);
        await metadata.SetPasswordAsync(name, hash, verified, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return metadata.DeleteAccountAsync(name, cancellationToken);
    }

    public async ValueTask<SessionEffect> WaitForEffectAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        long begun = timeProvider.GetTimestamp();
        while (true)
        {
            if (await metadata.GetAccountChangeEffectAsync(name, cancellationToken).ConfigureAwait(false) is not { } effect)
                return default;
            if (effect.Answered == effect.Servers || timeProvider.GetElapsedTime(begun) > EffectTimeout)
                return new SessionEffect(effect.Ended, effect.Kept, effect.Servers - effect.Answered, effect.Servers);
            await Task.Delay(EffectInterval, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<AccountUsage> GetUsageAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        Usage usage = await metadata.GetUsageAsync(name, cancellationToken).ConfigureAwait(false);
        return new AccountUsage(usage.Bytes, usage.Files);
    }

    /// <summary>Returns the row of an account for a login, or a decoy row if there is no such account.</summary>
    public ValueTask<AccountRow> FindLoginAsync(string name, CancellationToken cancellationToken) =>
        metadata.FindLoginAsync(name, hasher.Decoy, AccountMapping.DecoySettings, cancellationToken);

    /// <summary>Registers the costs of all stored hashes, so that a guess at any name costs the same. Reads all accounts once for each new cost.</summary>
    public async ValueTask FindCostsAsync(CancellationToken cancellationToken)
    {
        List<string> known = [.. hasher.Costs.Known.Select(PasswordHash.BeginningOf)];
        while (known.Count < Metadata.Sql.AccountSql.MaxCosts && await metadata.FindHashAsync(known, cancellationToken).ConfigureAwait(false) is { } hash)
        {
            if (PasswordHash.TryParse(hash, out PasswordHash? found))
                hasher.Costs.Add(found.Parameters);
            // A hash that cannot be parsed is compared with the decoy, whose cost is already known.
            known.Add(found is null ? hash : PasswordHash.BeginningOf(found.Parameters));
        }
    }

    /// <summary>
    /// Returns the session's view of an account that has no row here, or whose row is not at hand, because an external authenticator made it. Creates its
    /// directories.
    /// </summary>
    public async ValueTask<SessionAccount> OpenSessionAsync(Account account, CancellationToken cancellationToken)
    {
        AccountFaults.ThrowIfAny(account);
        long home = await EnsureDirectoryAsync(IMetadataTree.Root, account.Home ?? "/" + account.Name, account.Name, cancellationToken).ConfigureAwait(false);
        return SessionAccount.Of(account, home, await EnsureRulesAsync(account, home, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<Outcome> SaveAsync(Account account, string? hash, bool exists, AccountRow? read, CancellationToken cancellationToken)
    {
        long home = await EnsureDirectoryAsync(IMetadataTree.Root, account.Home ?? "/" + account.Name, account.Name, cancellationToken).ConfigureAwait(false);
        List<AccountRule> rules = await EnsureRulesAsync(account, home, cancellationToken).ConfigureAwait(false);
        AccountRow row = AccountMapping.ToRow(account, hash, home, rules);
        return await metadata.SaveAccountAsync(row, exists, read?.Settings, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<List<AccountRule>> EnsureRulesAsync(Account account, long home, CancellationToken cancellationToken)
    {
        List<AccountRule> rules = [];
        foreach (DirectoryRule rule in account.Rules)
            rules.Add(new AccountRule(await EnsureDirectoryAsync(home, rule.Path, account.Name, cancellationToken).ConfigureAwait(false),
                (long)rule.Permissions));
        return rules;
    }

    private async ValueTask<long> EnsureDirectoryAsync(long root, string path, string owner, CancellationToken cancellationToken)
    {
        string[] names = [.. FtpPath.Parse(path).Components];
        Resolution walk = await metadata.ResolveAsync(root, names, cancellationToken).ConfigureAwait(false);
        long directory = root;
        foreach (FileRow row in walk.Found)
            directory = row.IsDirectory ? row.Id : throw new ArgumentException($"'{path}' passes through something that is not a directory.");
        foreach (string name in names.Skip(walk.Found.Count))
        {
            TreeResult made = await metadata.CreateDirectoryAsync(directory, name, HomeMode, owner, cancellationToken).ConfigureAwait(false);
            directory = made is { Outcome: Outcome.Done, File: FileRow row } ? row.Id
                : made.Outcome == Outcome.AlreadyExists ? await EnsureDirectoryAsync(directory, "/" + name, owner, cancellationToken).ConfigureAwait(false)
                : throw new IOException($"The directory '{path}' cannot be created: {made.Outcome}.");
        }
        return directory;
    }

    private async ValueTask<Account> ToAccountAsync(AccountRow row, CancellationToken cancellationToken)
    {
        List<DirectoryRule> rules = [];
        foreach (AccountRule rule in row.Rules)
        {
            if (await TryGetPathAsync(rule.Directory, row.Home, cancellationToken).ConfigureAwait(false) is string path)
                rules.Add(new DirectoryRule(path, (FtpPermissions)rule.Permissions));
        }
        string? home = await TryGetPathAsync(row.Home, IMetadataTree.Root, cancellationToken).ConfigureAwait(false);
        return AccountMapping.ToAccount(row, home ?? "/", rules);
    }

    /// <summary>Returns the path of a directory below another one, or null if it does not exist there (any more).</summary>
    private async ValueTask<string?> TryGetPathAsync(long directory, long below, CancellationToken cancellationToken)
    {
        string path = "";
        for (long id = directory; id != below;)
        {
            if (await metadata.GetDirectoryAsync(id, cancellationToken).ConfigureAwait(false) is not { Directory: not 0 } row)
                return null;
            path = "/" + row.Name + path;
            id = row.Directory;
        }
        return path.Length == 0 ? "/" : path;
    }
}
