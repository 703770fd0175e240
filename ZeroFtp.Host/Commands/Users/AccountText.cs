using System.Globalization;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Host.Commands.Users;

/// <summary>Accounts as people read them: a row of <c>user list</c>, the lines of <c>user show</c>.</summary>
internal static class AccountText
{
    public static readonly IReadOnlyList<string> Header = ["NAME", "HOME", "PERMISSIONS", "USED", "QUOTA", "FILES", "NOTES"];

    public static IReadOnlyList<string> Row(Account account, AccountUsage usage) =>
    [
        account.Name, Home(account), PermissionNames.Format(account.Permissions), ByteSize.FormatRounded(usage.Bytes),
        account.QuotaBytes is { } quota ? ByteSize.Format(quota) : "-", usage.Files.ToString(CultureInfo.InvariantCulture), string.Join(", ", Notes(account)),
    ];

    /// <summary>What <c>user show</c> prints: what is set, and what an unset value means.</summary>
    public static IEnumerable<(string Name, string Value)> Lines(Account account, AccountUsage usage)
    {
        yield return ("name", account.Name);
        yield return ("enabled", YesNo(account.IsEnabled));
        yield return ("home", Home(account));
        yield return ("start directory", account.StartDirectory);
        yield return ("permissions", PermissionNames.Format(account.Permissions));
        foreach (DirectoryRule rule in account.Rules)
            yield return ($"  in {rule.Path}", PermissionNames.Format(rule.Permissions));
        yield return ("administrator", YesNo(account.IsAdministrator));
        yield return ("expires", account.Expires is { } expires ? Time(expires) : "never");
        yield return ("allowed from", ListOr(account.AllowedAddresses, "everywhere"));
        yield return ("virtual hosts", ListOr(account.Hosts, "all"));
        yield return ("login", account.AllowsNoPassword ? "without a password" : account.Certificates.Count > 0 ? "by certificate " + string.Join(", ", account.Certificates) : "by password");
        yield return ("requires TLS", account.RequiresDataTls ? "for logins and transfers" : account.RequiresTls ? "for logins" : "no");
        yield return ("trusts the end of data", YesNo(account.TrustsEndOfData));
        yield return ("bytes", $"{usage.Bytes}{(account.QuotaBytes is { } bytes ? $" of {bytes}" : "")}");
        yield return ("files", $"{usage.Files}{(account.QuotaFiles is { } files ? $" of {files}" : "")}");
        yield return ("sessions", account.Limits.MaxSessions is { } sessions ? $"at most {sessions}" : "no limit of its own");
        yield return ("download rate", Rate(account.Limits.DownloadBytesPerSecond));
        yield return ("upload rate", Rate(account.Limits.UploadBytesPerSecond));
    }

    private static IEnumerable<string> Notes(Account account)
    {
        if (account.IsAdministrator)
            yield return "administrator";
        if (!account.IsEnabled)
            yield return "disabled";
        if (account.Expires is { } expires)
            yield return $"expires {Time(expires)}";
        if (account.Hosts.Count > 0)
            yield return "on " + string.Join(" ", account.Hosts);
        if (account.RequiresTls)
            yield return "TLS only";
        if (account.TrustsEndOfData)
            yield return "trusts the end of data";
        if (account.AllowsNoPassword)
            yield return "no password";
    }

    private static string Home(Account account) => account.Home ?? "/" + account.Name;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string ListOr(IReadOnlyList<string> items, string none) => items.Count == 0 ? none : string.Join(", ", items);

    private static string Rate(long? bytesPerSecond) => bytesPerSecond is { } rate ? $"{ByteSize.Format(rate)} per second" : "no limit of its own";
}
