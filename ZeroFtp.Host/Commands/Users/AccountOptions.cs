using System.CommandLine;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Host.Commands.Users;

/// <summary>What can be said of an account on the command line. What is not given keeps its value.</summary>
internal sealed class AccountOptions
{
    private readonly List<(Option Option, Func<ParseResult, Account, Account> Apply)> _options = [];

    public AccountOptions()
    {
        Flag("--read-only",
            "Only lists and reads; false allows everything.", (account, on) => account with { Permissions = on ? FtpPermissions.ReadOnly : FtpPermissions.All });
        Text("--permissions", "LIST",
            "What the account may do: all, readOnly, none, or of list, read, write, append, delete, rename, makeDirectory, changeFacts, with commas.",
            (account, text) => account with { Permissions = PermissionNames.Parse(text) });
        Texts("--rule", "DIR=LIST", "Permissions of a directory and below, such as /incoming=write,makeDirectory. Repeatable; replaces all rules.",
            (account, texts) => account with { Rules = [.. texts.Select(ParseRule)] });
        Flag("--admin", "May use SITE WHO and SITE KICK.", (account, on) => account with { IsAdministrator = on });
        Text("--home", "DIR", "The account's root in the whole tree; by default /NAME.", (account, text) => account with { Home = text });
        Text("--start", "DIR", "Where sessions start within it.", (account, text) => account with { StartDirectory = text });
        Flag("--enabled", "Whether the account can log in.", (account, on) => account with { IsEnabled = on });
        Text("--expires", "TIME",
            "When the account ceases to work, such as 2030-12-31; never: it does not.", (account, text) => account with { Expires = ParseTime(text) });
        Texts("--allow-from", "NETWORK", "Where the account may log in from. Repeatable; replaces all; any: from everywhere.",
            (account, texts) => account with { AllowedAddresses = texts is ["any"] ? [] : texts });
        Texts("--host", "NAME", "Virtual hosts on which the account exists. Repeatable; replaces all; any: on every one.",
            (account, texts) => account with { Hosts = texts is ["any"] ? [] : texts });
        Flag("--require-tls", "Logs in under TLS only.", (account, on) => account with { RequiresTls = on });
        Flag("--require-data-tls", "Transfers under TLS only.", (account, on) => account with { RequiresDataTls = on });
        Flag("--trust-end-of-data",
            "The end of the data is always the end of an upload, for devices that drop their connections in any order; the file of one that dies is stored cut. false: as dataConnections:trustEndOfData says.",
            (account, on) => account with { TrustsEndOfData = on });
        Flag("--no-password", "USER alone logs in; only for what is public.", (account, on) => account with { AllowsNoPassword = on });
        Texts("--certificate", "THUMBPRINT|SUBJECT", "A client certificate that stands for the password. Repeatable; replaces all; none: none.",
            (account, texts) => account with { Certificates = texts is ["none"] ? [] : texts });
        Text("--account-code", "TEXT",
            "What ACCT must give after the password; empty: nothing.", (account, text) => account with { AccountCode = text.Length == 0 ? null : text });
        Text("--storing-code", "TEXT",
            "What ACCT must give, after the login, before the account may store; empty: nothing.", (account, text) => account with { StoringCode = text.Length == 0 ? null : text });
        Text("--quota", "SIZE",
            "How much the account may store, such as 10GiB; 0: no limit.", (account, text) => account with { QuotaBytes = ParseSize(text) });
        Text("--quota-files", "N", "How many files it may store; 0: no limit.", (account, text) => account with { QuotaFiles = ParseSize(text) });
        Text("--max-sessions", "N", "Sessions at the same time; 0: no limit of its own.",
            (account, text) => account with { Limits = account.Limits with { MaxSessions = ParseCount(text) } });
        Text("--download-rate", "SIZE",
            "Bytes per second for downloads; 0: no limit of its own.", (account, text) => account with { Limits = account.Limits with { DownloadBytesPerSecond = ParseSize(text) } });
        Text("--upload-rate", "SIZE",
            "Bytes per second for uploads; 0: no limit of its own.", (account, text) => account with { Limits = account.Limits with { UploadBytesPerSecond = ParseSize(text) } });
    }

    public void AddTo(Command command)
    {
        foreach ((Option option, _) in _options)
            command.Options.Add(option);
    }

    public Account Apply(ParseResult parsed, Account account)
    {
        if (IsGiven(parsed, "--read-only") && IsGiven(parsed, "--permissions"))
            throw new CommandException("--read-only and --permissions say the same thing; give one of them");
        foreach ((Option option, Func<ParseResult, Account, Account> apply) in _options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
                account = apply(parsed, account);
        }
        return account;
    }

    /// <summary>Whether the command line has the option.</summary>
    public bool IsGiven(ParseResult parsed, string name) => parsed.GetResult(_options.First(option => option.Option.Name == name).Option) is { Implicit: false };

    private void Flag(string name, string help, Func<Account, bool, Account> set)
    {
        Option<bool> option = new(name) { Description = help };
        _options.Add((option, (parsed, account) => set(account, parsed.GetValue(option))));
    }

    private void Text(string name, string valueName, string help, Func<Account, string, Account> set)
    {
        Option<string> option = new(name) { Description = help, HelpName = valueName };
        _options.Add((option, (parsed, account) => set(account, parsed.GetValue(option) ?? "")));
    }

    private void Texts(string name, string valueName, string help, Func<Account, string[], Account> set)
    {
        Option<string[]> option = new(name) { Description = help, HelpName = valueName };
        _options.Add((option, (parsed, account) => set(account, parsed.GetValue(option) ?? [])));
    }

    private static DirectoryRule ParseRule(string text)
    {
        int cut = text.LastIndexOf('=');
        return cut > 0 ? new DirectoryRule(text[..cut], PermissionNames.Parse(text[(cut + 1)..])) : throw new CommandException($"--rule {text}: expected DIR=LIST");
    }

    private static DateTimeOffset? ParseTime(string text)
    {
        if (text == "never")
            return null;
        const System.Globalization.DateTimeStyles Utc = System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, Utc, out DateTimeOffset time)
            ? time
            : throw new CommandException($"--expires {text}: expected a time such as 2030-12-31, in UTC, or never");
    }

    private static int? ParseCount(string text) =>
        ParseSize(text) is not { } count ? null : count <= int.MaxValue ? (int)count : throw new CommandException($"{text}: expected a number up to {int.MaxValue}");

    private static long? ParseSize(string text)
    {
        if (!ByteSize.TryParse(text, out long value, out string? expected))
            throw new CommandException($"{text}: expected {expected}");
        return value == 0 ? null : value;
    }
}
