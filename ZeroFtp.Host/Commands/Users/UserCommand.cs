using System.CommandLine;
using ZeroFtp.Storage;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp user ...</c>: the accounts. All of it works while a server runs on the directory.</summary>
internal static class UserCommand
{
    public static Command Build(ConfigurationOptions options) => new("user", "Looks after the accounts, also while a server runs.")
    {
        BuildAdd(options),
        BuildList(options),
        BuildPasswd(options),
        BuildRemove(options),
        BuildSet(options),
    };

    private static Command BuildAdd(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        AccountOptions account = new();
        PasswordOptionsOfCommand password = new();
        Command command = new("add", "Adds an account.") { name };
        account.AddTo(command);
        password.AddTo(command);
        return WithAccounts(command, options, async (accounts, parsed, cancellationToken) =>
        {
            Account added = account.Apply(parsed, new Account { Name = parsed.GetRequiredValue(name) });
            if (added.AllowsNoPassword && password.IsGiven(parsed))
                throw new CommandException("with --no-password nobody is asked for a password; give none");
            bool needsPassword = !added.AllowsNoPassword && added.Certificates.Count == 0;
            string? secret = password.Read(parsed, needsPassword);
            if (!await accounts.AddAsync(added, secret, cancellationToken))
                throw new CommandException($"there is an account {added.Name} already");
            password.Tell(parsed, secret);
            parsed.InvocationConfiguration.Output.WriteLine($"added {added.Name}");
        }, mayMakeStore: true);
    }

    private static Command BuildList(ConfigurationOptions options)
    {
        Option<bool> json = new("--json") { Description = "Prints one JSON object a line." };
        return WithAccounts(new Command("list", "Lists the accounts.") { json }, options, async (accounts, parsed, cancellationToken) =>
        {
            await foreach (Account account in accounts.ListAsync(cancellationToken))
            {
                AccountUsage usage = await accounts.GetUsageAsync(account.Name, cancellationToken);
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json) ? AccountWriter.ToJson(account, usage) : AccountWriter.ToText(account, usage));
            }
        });
    }

    private static Command BuildPasswd(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        PasswordOptionsOfCommand password = new();
        Command command = new("passwd", "Sets an account's password.") { name };
        password.AddTo(command);
        return WithAccounts(command, options, async (accounts, parsed, cancellationToken) =>
        {
            string user = parsed.GetRequiredValue(name);
            _ = await accounts.FindAsync(user, cancellationToken) ?? throw NoSuchAccount(user);
            string? secret = password.Read(parsed, isNeeded: true);
            if (!await accounts.SetPasswordAsync(user, secret, cancellationToken))
                throw NoSuchAccount(user);
            password.Tell(parsed, secret);
            parsed.InvocationConfiguration.Output.WriteLine($"changed the password of {user}");
            await TellEffectAsync(accounts, user, parsed, cancellationToken);
        });
    }

    private static Command BuildRemove(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        return WithAccounts(new Command("remove", "Removes an account; its files stay.") { name }, options, async (accounts, parsed, cancellationToken) =>
        {
            string user = parsed.GetRequiredValue(name);
            if (!await accounts.RemoveAsync(user, cancellationToken))
                throw NoSuchAccount(user);
            parsed.InvocationConfiguration.Output.WriteLine($"removed {user}");
            await TellEffectAsync(accounts, user, parsed, cancellationToken);
        });
    }

    private static Command BuildSet(ConfigurationOptions options)
    {
        Argument<string> name = NameArgument();
        AccountOptions account = new();
        Command command = new("set", "Changes an account; what is not given stays.") { name };
        account.AddTo(command);
        return WithAccounts(command, options, async (accounts, parsed, cancellationToken) =>
        {
            string user = parsed.GetRequiredValue(name);
            if (!await accounts.ChangeAsync(user, before => account.Apply(parsed, before), cancellationToken))
                throw NoSuchAccount(user);
            parsed.InvocationConfiguration.Output.WriteLine($"changed {user}");
            await TellEffectAsync(accounts, user, parsed, cancellationToken);
        });
    }

    /// <summary>Says what became of the open sessions, if anybody serves.</summary>
    private static async Task TellEffectAsync(IAccounts accounts, string user, System.CommandLine.ParseResult parsed, CancellationToken cancellationToken)
    {
        SessionEffect effect = await accounts.WaitForEffectAsync(user, cancellationToken);
        if (effect.Servers > effect.Silent)
            parsed.InvocationConfiguration.Output.WriteLine($"{Sessions(effect.Ended)} ended, {Sessions(effect.Kept)} left");
        if (effect.Silent > 0)
            parsed.InvocationConfiguration.Error.WriteLine($"{effect.Silent} of {effect.Servers} servers have not answered; sessions there end when they do");

        static string Sessions(int count) => count == 1 ? "1 session" : $"{count} sessions";
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "The account, as USER gives it." };

    private static CommandException NoSuchAccount(string name) => new($"there is no account {name}");

    private static Command WithAccounts(Command command, ConfigurationOptions options, Func<IAccounts, System.CommandLine.ParseResult, CancellationToken, Task> run, bool mayMakeStore = false)
    {
        options.AddCommonTo(command);
        command.SetAction((parsed, cancellationToken) => StorageSession.UseAsync(options.ToSources(parsed), StorageAccess.Administer, async storage =>
        {
            try
            {
                await run(storage.Accounts, parsed, cancellationToken);
            }
            catch (ArgumentException e)
            {
                // the store names every fault of an account
                throw new CommandException(e.Message);
            }
            return 0;
        }, cancellationToken, mayMakeStore));
        return command;
    }
}
