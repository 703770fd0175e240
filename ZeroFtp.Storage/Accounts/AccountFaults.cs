using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Accounts;

/// <summary>Validates an account before it is stored.</summary>
internal static class AccountFaults
{
    private const int MaxNameLength = 128;
    private const int ThumbprintLength = 64;

    /// <exception cref="ArgumentException">The account is not valid; the message lists every fault.</exception>
    public static void ThrowIfAny(Account account)
    {
        List<string> faults = Find(account);
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(' ', faults), nameof(account));
    }

    public static List<string> Find(Account account)
    {
        List<string> faults = [];
        Check(account.Name.Length is >= 1 and <= MaxNameLength && !account.Name.Any(char.IsControl),
            $"A name has 1 to {MaxNameLength} characters and no control characters.");
        Check(account.Home is not null || (account.Name is not ("." or "..") && !account.Name.Contains('/')),
            "An account whose name is not a valid directory name needs a Home.");
        Check(account.Home is null || IsPath(account.Home), "Home must be an absolute path.");
        Check(IsPath(account.StartDirectory), "StartDirectory must be an absolute path.");
        Check((account.Permissions & ~FtpPermissions.All) == 0, "Permissions has unknown flags.");
        foreach (DirectoryRule rule in account.Rules)
        {
            Check(IsPath(rule.Path), $"The rule '{rule.Path}' must name an absolute path.");
            Check((rule.Permissions & ~FtpPermissions.All) == 0, $"The rule '{rule.Path}' has unknown flags.");
        }
        Check(account.Rules.Select(rule => rule.Path).Distinct(StringComparer.Ordinal).Count() == account.Rules.Count, "Two rules name the same directory.");
        foreach (string network in account.AllowedAddresses)
            Check(AddressText.TryParseNetwork(network, out _), $"'{network}' is neither an address nor a CIDR prefix.");
        foreach (string host in account.Hosts)
            Check(Uri.CheckHostName(host) == UriHostNameType.Dns, $"'{host}' is not a host name.");
        foreach (string certificate in account.Certificates)
            Check(IsThumbprint(certificate) || certificate.Contains('='), $"'{certificate}' is neither a SHA-256 thumbprint nor a subject name.");
        Check(account.AccountCode is null or { Length: > 0 }, "AccountCode must not be empty.");
        Check(account.StoringCode is null or { Length: > 0 }, "StoringCode must not be empty.");
        Check(account.QuotaBytes is null or >= 0, "QuotaBytes must not be negative.");
        Check(account.QuotaFiles is null or >= 0, "QuotaFiles must not be negative.");
        Check(account.Limits.MaxSessions is null or >= 0, "Limits.MaxSessions must not be negative.");
        Check(account.Limits.UploadBytesPerSecond is null or > 0, "Limits.UploadBytesPerSecond must be positive.");
        Check(account.Limits.DownloadBytesPerSecond is null or > 0, "Limits.DownloadBytesPerSecond must be positive.");
        Check(account.Limits.IdleTimeout is null || account.Limits.IdleTimeout > TimeSpan.Zero, "Limits.IdleTimeout must be positive.");
        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds)
                faults.Add(fault);
        }
    }

    public static bool IsThumbprint(string text) => text.Length == ThumbprintLength && text.All(char.IsAsciiHexDigit);

    private static bool IsPath(string text) => text.StartsWith('/') && !text.Contains('\0');
}
