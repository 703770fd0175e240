using ZeroFtp.Host.Configuration;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Host.Commands.Users;

/// <summary>Permissions as the command line writes them.</summary>
internal static class PermissionNames
{
    private static readonly FtpPermissions[] Single =
    [
        FtpPermissions.List, FtpPermissions.Read, FtpPermissions.Write, FtpPermissions.Append, FtpPermissions.Delete, FtpPermissions.Rename,
        FtpPermissions.MakeDirectory, FtpPermissions.ChangeFacts,
    ];

    private static readonly FtpPermissions[] Named = [FtpPermissions.None, FtpPermissions.ReadOnly, FtpPermissions.All];

    public static FtpPermissions Parse(string text)
    {
        FtpPermissions permissions = FtpPermissions.None;
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            permissions |= Find(name);
        return permissions;
    }

    public static string Format(FtpPermissions permissions) =>
        Named.Contains(permissions)
            ? ValueParsers.ChoiceName(permissions)
            : string.Join(',', Single.Where(single => permissions.HasFlag(single)).Select(ValueParsers.ChoiceName));

    private static FtpPermissions Find(string name)
    {
        foreach (FtpPermissions candidate in Named.Concat(Single))
        {
            if (ValueParsers.ChoiceName(candidate).Equals(name, StringComparison.OrdinalIgnoreCase))
                return candidate;
        }
        throw new CommandException($"{name} is no permission; there are {string.Join(", ", Named.Concat(Single).Select(ValueParsers.ChoiceName))}");
    }
}
