using System.Text.Json;
using System.Text.Json.Nodes;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage;

namespace ZeroFtp.Host.Commands;

/// <summary>Accounts as <c>user list</c> shows them.</summary>
internal static class AccountWriter
{
    public static string ToText(Account account, AccountUsage usage)
    {
        List<string> words = [account.Name, account.Home ?? "/" + account.Name, PermissionNames.Format(account.Permissions)];
        if (account.IsAdministrator)
            words.Add("administrator");
        if (!account.IsEnabled)
            words.Add("disabled");
        if (account.Expires is { } expires)
            words.Add($"expires {expires.UtcDateTime:yyyy-MM-dd HH:mm}Z");
        if (account.Hosts.Count > 0)
            words.Add("on " + string.Join(", ", account.Hosts));
        if (account.RequiresTls)
            words.Add("TLS only");
        if (account.TrustsEndOfData)
            words.Add("end of data trusted");
        if (account.AllowsNoPassword)
            words.Add("no password");
        string quota = account.QuotaBytes is { } bytes ? " of " + ByteSize.Format(bytes) : "";
        words.Add($"{usage.Bytes} bytes{quota} in {usage.Files} files");
        return string.Join('\t', words);
    }

    public static string ToJson(Account account, AccountUsage usage)
    {
        JsonObject json = new()
        {
            ["name"] = account.Name,
            ["home"] = account.Home ?? "/" + account.Name,
            ["start"] = account.StartDirectory,
            ["permissions"] = PermissionNames.Format(account.Permissions),
            ["rules"] = new JsonArray([.. account.Rules.Select(rule => new JsonObject { ["path"] = rule.Path, ["permissions"] = PermissionNames.Format(rule.Permissions) })]),
            ["administrator"] = account.IsAdministrator,
            ["enabled"] = account.IsEnabled,
            ["expires"] = account.Expires,
            ["allowFrom"] = new JsonArray([.. account.AllowedAddresses.Select(address => (JsonNode)address)]),
            ["hosts"] = new JsonArray([.. account.Hosts.Select(host => (JsonNode)host)]),
            ["requireTls"] = account.RequiresTls,
            ["requireDataTls"] = account.RequiresDataTls,
            ["trustEndOfData"] = account.TrustsEndOfData,
            ["noPassword"] = account.AllowsNoPassword,
            ["certificates"] = new JsonArray([.. account.Certificates.Select(certificate => (JsonNode)certificate)]),
            ["quotaBytes"] = account.QuotaBytes,
            ["quotaFiles"] = account.QuotaFiles,
            ["maxSessions"] = account.Limits.MaxSessions,
            ["downloadBytesPerSecond"] = account.Limits.DownloadBytesPerSecond,
            ["uploadBytesPerSecond"] = account.Limits.UploadBytesPerSecond,
            ["usedBytes"] = usage.Bytes,
            ["usedFiles"] = usage.Files,
        };
        return json.ToJsonString(JsonSerializerOptions.Default);
    }
}
