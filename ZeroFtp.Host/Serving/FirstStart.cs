using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Host.Serving;

/// <summary>Creates an account if there is none, so that the first start leads to a server that can be used.</summary>
internal static class FirstStart
{
    /// <param name="accounts">The accounts.</param>
    /// <param name="name">The account to create; null creates none.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<FirstAccounts> EnsureAsync(IAccounts accounts, string? name, CancellationToken cancellationToken)
    {
        if (name is null)
            return new FirstAccounts(null, []);
        List<string> existing = await FirstTwoAsync(accounts, cancellationToken);
        if (existing.Count > 0)
            return new FirstAccounts(null, existing);
        NewAccount made = new(name, Commands.Users.RandomPassword.Create());
        Account account = new() { Name = name, Home = "/", IsAdministrator = true };
        return new FirstAccounts(await accounts.AddAsync(account, made.Password, cancellationToken) ? made : null, []);
    }

    private static async Task<List<string>> FirstTwoAsync(IAccounts accounts, CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (Account account in accounts.ListAsync(cancellationToken))
        {
            names.Add(account.Name);
            if (names.Count == 2)
                break;
        }
        return names;
    }
}

/// <summary>The accounts as a start found them.</summary>
/// <param name="Created">The account that the start created, or null.</param>
/// <param name="Existing">The names of at most two accounts that were there before.</param>
internal sealed record FirstAccounts(NewAccount? Created, IReadOnlyList<string> Existing);

/// <summary>An account with the password that is shown once and stored nowhere in clear.</summary>
internal sealed record NewAccount(string Name, string Password);
