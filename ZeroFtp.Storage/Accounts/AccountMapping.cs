using System.Text.Json;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Maps accounts to rows and back. The caller translates directories, which accounts name by path and rows by id.</summary>
internal static class AccountMapping
{
    /// <summary>The settings of an account with nothing but defaults.</summary>
    public static string DecoySettings { get; } = JsonSerializer.Serialize(ToSettings(new Account { Name = "" }), AccountSettingsJson.Default.AccountSettings);

    public static AccountRow ToRow(Account account, string? passwordHash, long home, IReadOnlyList<AccountRule> rules) => new()
    {
        Name = account.Name,
        PasswordHash = passwordHash,
        Home = home,
        Permissions = (long)account.Permissions,
        IsAdmin = account.IsAdministrator,
        IsDisabled = !account.IsEnabled,
        Expires = account.Expires is DateTimeOffset expires ? MetadataTime.FromUtc(expires.UtcDateTime) : null,
        AllowedAddresses = string.Join(' ', account.AllowedAddresses),
        QuotaBytes = account.QuotaBytes,
        QuotaFiles = account.QuotaFiles,
        UploadRate = account.Limits.UploadBytesPerSecond,
        DownloadRate = account.Limits.DownloadBytesPerSecond,
        Settings = JsonSerializer.Serialize(ToSettings(account), AccountSettingsJson.Default.AccountSettings),
        Rules = rules,
    };

    public static Account ToAccount(AccountRow row, string? home, IReadOnlyList<DirectoryRule> rules)
    {
        AccountSettings settings = row.Settings.Length == 0
            ? AccountSettings.None
            : JsonSerializer.Deserialize(row.Settings, AccountSettingsJson.Default.AccountSettings) ?? AccountSettings.None;
        return new Account
        {
            Name = row.Name,
            Home = home,
            Permissions = (FtpPermissions)row.Permissions & FtpPermissions.All,
            Rules = rules,
            IsEnabled = !row.IsDisabled,
            Expires = row.Expires is long expires ? new DateTimeOffset(MetadataTime.ToUtc(expires)) : null,
            AllowedAddresses = row.AllowedAddresses.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            IsAdministrator = row.IsAdmin,
            RequiresTls = settings.RequiresTls,
            RequiresDataTls = settings.RequiresDataTls,
            TrustsEndOfData = settings.TrustsEndOfData,
            AccountCode = settings.AccountCode,
            StoringCode = settings.StoringCode,
            Certificates = settings.Certificates,
            AllowsNoPassword = settings.AllowsNoPassword,
            Hosts = settings.Hosts,
            QuotaBytes = row.QuotaBytes,
            QuotaFiles = row.QuotaFiles,
            StartDirectory = settings.StartDirectory,
            Limits = ToLimits(row, settings),
        };
    }

    private static AccountSettings ToSettings(Account account) => new()
    {
        RequiresTls = account.RequiresTls,
        RequiresDataTls = account.RequiresDataTls,
        TrustsEndOfData = account.TrustsEndOfData,
        AccountCode = account.AccountCode,
        StoringCode = account.StoringCode,
        Certificates = account.Certificates,
        AllowsNoPassword = account.AllowsNoPassword,
        Hosts = account.Hosts,
        MaxSessions = account.Limits.MaxSessions,
        IdleSeconds = account.Limits.IdleTimeout?.TotalSeconds,
        AllowFxp = account.Limits.AllowFxp,
        StartDirectory = account.StartDirectory,
        Revision = Guid.NewGuid().ToString("N"),
    };

    private static UserLimits ToLimits(AccountRow row, AccountSettings settings)
    {
        if (row.UploadRate is null && row.DownloadRate is null && settings is { MaxSessions: null, IdleSeconds: null, AllowFxp: null })
            return UserLimits.None;
        return new UserLimits
        {
            MaxSessions = settings.MaxSessions,
            DownloadBytesPerSecond = row.DownloadRate,
            UploadBytesPerSecond = row.UploadRate,
            IdleTimeout = settings.IdleSeconds is double seconds ? TimeSpan.FromSeconds(seconds) : null,
            AllowFxp = settings.AllowFxp,
        };
    }
}
