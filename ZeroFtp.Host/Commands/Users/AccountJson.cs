using System.Text.Json.Nodes;
using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Host.Commands.Users;

/// <summary>Accounts as <c>user list --json</c> and <c>user show --json</c> print them.</summary>
internal static class AccountJson
{
    public static JsonObject Of(Account account, AccountUsage usage) => new()
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
}
