using ZeroFtp.Storage;

namespace ZeroFtp.Host.Serving;

/// <summary>Makes an account if there is none at all, so that the first start leads to a server that can be used.</summary>
internal static class FirstStart
{
    /// <returns>The account made, or null.</returns>
    public static async Task<NewAccount?> EnsureAccountAsync(IAccounts accounts, string? name, CancellationToken cancellationToken)
    {
        if (name is null)
            return null;
        await foreach (Account _ in accounts.ListAsync(cancellationToken))
            return null;
        NewAccount made = new(name, Commands.RandomPassword.Create());
        Account account = new() { Name = name, Home = "/", IsAdministrator = true };
        return await accounts.AddAsync(account, made.Password, cancellationToken) ? made : null;
    }
}

/// <summary>An account with the password that is told once and kept nowhere in clear.</summary>
internal sealed record NewAccount(string Name, string Password);
