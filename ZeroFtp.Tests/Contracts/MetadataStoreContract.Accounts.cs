using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

/// <content>Logins, and changes of accounts.</content>
public abstract partial class MetadataStoreContract
{
    [Fact]
    public async Task Changes_of_accounts_are_counted_without_gaps_and_what_was_done_about_them_is_known()
    {
        string name = "changed" + Store.NewKey();
        AccountRow row = new() { Name = name, PasswordHash = "first", Home = Home };
        long last = await Store.LastAccountChangeAsync(Token);
        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(row, false, null, Token));
        Assert.Equal(Outcome.AlreadyExists, await Store.SaveAccountAsync(row, false, null, Token));
        Assert.Equal(Outcome.NotFound, await Store.SaveAccountAsync(row with { Name = name + "x" }, true, null, Token));
        Assert.True(await Store.SetPasswordAsync(name, "renewed", "first", Token));
        Assert.Empty(await Store.ReadAccountChangesAsync(last, Token));
        Assert.Null(await Store.GetAccountChangeEffectAsync(name, Token));

        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(row with { PasswordHash = null, Settings = "{1}" }, true, null, Token));
        Assert.Equal(Outcome.Conflict, await Store.SaveAccountAsync(row with { PasswordHash = null, Settings = "{2}" }, true, "{other}", Token));
        Assert.True(await Store.SetPasswordAsync(name, "set", null, Token));
        Assert.True(await Store.DeleteAccountAsync(name, Token));
        Assert.False(await Store.DeleteAccountAsync(name, Token));
        Assert.Equal(
            [new AccountChange(last + 1, name, false), new AccountChange(last + 2, name, true), new AccountChange(last + 3, name, true)],
            await Store.ReadAccountChangesAsync(last, Token));
        Assert.Equal(last + 3, await Store.LastAccountChangeAsync(Token));

        AccountChangeEffect before = Assert.NotNull(await Store.GetAccountChangeEffectAsync(name, Token));
        Assert.Equal((0, 0, 0), (before.Answered, before.Ended, before.Kept));
        await Store.AccountChangeAppliedAsync(last + 2, 9, 9, Token);
        await Store.AccountChangeAppliedAsync(last + 3, 2, 5, Token);
        await Store.AccountChangeAppliedAsync(last + 3, 2, 5, Token);
        Assert.Equal(before with { Answered = 1, Ended = 2, Kept = 5 }, await Store.GetAccountChangeEffectAsync(name, Token));
    }

    [Fact]
    public async Task A_login_reads_a_row_whether_there_is_an_account_or_not()
    {
        string name = "login" + Store.NewKey();
        AccountRow row = new() { Name = name, PasswordHash = "$cost$1", Home = Home, Permissions = 7, Settings = "{}", Rules = [new AccountRule(Home, 4)] };
        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(row, false, null, Token));
        Assert.Equivalent(row, await Store.FindLoginAsync(name, "decoy", "{decoy}", Token), strict: true);
        AccountRow none = new() { Name = name + "x", PasswordHash = "decoy", Home = 0, IsDisabled = true, Settings = "{decoy}", IsDecoy = true };
        Assert.Equivalent(none, await Store.FindLoginAsync(name + "x", "decoy", "{decoy}", Token), strict: true);
    }
}
