using System.CommandLine;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Driver;

namespace ZeroFtp.Host.Commands.Users;

/// <summary><c>zeroftp user ...</c>: manages accounts. Safe while a server runs on the directory.</summary>
internal static class UserCommand
{
    public static Command Build(ConfigurationOptions options) => new("user", "Manages accounts. Safe while the server is running.")
    {
        BuildAdd(options),
        BuildList(options),
        BuildShow(options),
        BuildPasswd(options),
        BuildRemove(options),
        BuildSet(options),
    };

    private static Command BuildAdd(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        AccountOptions account = new();
        PasswordSource password = new();
        Command command = new("add", "Adds an account.") { name };
        account.AddTo(command);
        password.AddTo(command);
        return WithAccounts(command, options, async call =>
        {
            Account added = account.Apply(call.Parsed, new Account { Name = call.Parsed.GetRequiredValue(name) });
            if (added.AllowsNoPassword && password.IsGiven(call.Parsed))
                throw new CommandException("--no-password lets the account log in without a password; do not give one");
            bool needsPassword = !added.AllowsNoPassword && added.Certificates.Count == 0;
            string? secret = password.Read(call.Parsed, needsPassword);
            if (!await call.Accounts.AddAsync(added, secret, call.Cancelled))
                throw new CommandException($"the account {added.Name} exists already; zeroftp user set changes it");
            string? generated = password.IsGenerated(call.Parsed) ? secret : null;
            call.Report("added", added.Name, generated, null);
        }, mayMakeStore: true);
    }

    private static Command BuildList(ConfigurationOptions options) => WithAccounts(new Command("list", "Lists the accounts."), options, async call =>
    {
        List<IReadOnlyList<string>> rows = [];
        await foreach (Account account in call.Accounts.ListAsync(call.Cancelled))
        {
            AccountUsage usage = await call.Accounts.GetUsageAsync(account.Name, call.Cancelled);
            if (call.Json.IsWanted(call.Parsed))
                JsonOutput.Write(call.Output, AccountJson.Of(account, usage));
            else
                rows.Add(AccountText.Row(account, usage));
        }
        if (rows.Count > 0)
            TextTable.Write(call.Output, AccountText.Header, rows);
    });

    private static Command BuildShow(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        return WithAccounts(new Command("show", "Shows everything that is set for an account.") { name }, options, async call =>
        {
            string user = call.Parsed.GetRequiredValue(name);
            Account account = await call.Accounts.FindAsync(user, call.Cancelled) ?? throw NoSuchAccount(user);
            AccountUsage usage = await call.Accounts.GetUsageAsync(user, call.Cancelled);
            if (call.Json.IsWanted(call.Parsed))
            {
                JsonOutput.Write(call.Output, AccountJson.Of(account, usage));
                return;
            }
            (string Name, string Value)[] lines = [.. AccountText.Lines(account, usage)];
            int width = lines.Max(line => line.Name.Length) + 1;
            foreach ((string label, string value) in lines)
                call.Output.WriteLine($"{(label + ":").PadRight(width)} {value}");
        });
    }

    private static Command BuildPasswd(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        PasswordSource password = new();
        Command command = new("passwd", "Sets the password of an account.") { name };
        password.AddTo(command);
        return WithAccounts(command, options, async call =>
        {
            string user = call.Parsed.GetRequiredValue(name);
            _ = await call.Accounts.FindAsync(user, call.Cancelled) ?? throw NoSuchAccount(user);
            string? secret = password.Read(call.Parsed, isNeeded: true);
            if (!await call.Accounts.SetPasswordAsync(user, secret, call.Cancelled))
                throw NoSuchAccount(user);
            string? generated = password.IsGenerated(call.Parsed) ? secret : null;
            // Before the wait for the servers: the password is in effect, and an interrupt must not lose it.
            call.ReportPassword(generated);
            call.Report("changed the password of", user, null, await call.Accounts.WaitForEffectAsync(user, call.Cancelled), generated);
        });
    }

    private static Command BuildRemove(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        return WithAccounts(new Command("remove", "Removes an account. Its files stay.") { name }, options, async call =>
        {
            string user = call.Parsed.GetRequiredValue(name);
            if (!await call.Accounts.RemoveAsync(user, call.Cancelled))
                throw NoSuchAccount(user);
            call.Report("removed", user, null, await call.Accounts.WaitForEffectAsync(user, call.Cancelled));
        });
    }

    private static Command BuildSet(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        AccountOptions account = new();
        Command command = new("set", "Changes an account. What is not given keeps its value.") { name };
        account.AddTo(command);
        return WithAccounts(command, options, async call =>
        {
            string user = call.Parsed.GetRequiredValue(name);
            if (!await call.Accounts.ChangeAsync(user, before => account.Apply(call.Parsed, before), call.Cancelled))
                throw NoSuchAccount(user);
            call.Report("changed", user, null, await call.Accounts.WaitForEffectAsync(user, call.Cancelled));
        });
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "The account, as USER gives it." };

    private static CommandException NoSuchAccount(string name) => new($"there is no account {name}; zeroftp user list shows those that exist");

    private static Command WithAccounts(Command command, ConfigurationOptions options, Func<UserCall, Task> run, bool mayMakeStore = false)
    {
        JsonOutput json = new();
        options.AddCommonTo(command);
        json.AddTo(command);
        command.SetAction((parsed, cancellationToken) => StorageSession.UseAsync(options.ToSources(parsed), StorageAccess.Administer, async storage =>
        {
            try
            {
                await run(new UserCall(storage.Accounts, parsed, json, cancellationToken));
            }
            catch (ArgumentException e)
            {
                // The store names every fault of an account.
                throw new CommandException(e.Message);
            }
            return 0;
        }, cancellationToken, mayMakeStore));
        return command;
    }
}
