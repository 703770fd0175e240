using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>The perm fact (RFC 3659 section 7.5.5): a letter for each thing that the session's user can do with an entry, as the verbs themselves will decide it.</summary>
internal static class PermFact
{
    /// <summary>The most letters there are for one entry.</summary>
    public const int MaxLength = 8;

    public static void Write(ref Octets line, FtpEntry entry, FtpPermissions session)
    {
        FtpPermissions allowed = session & (entry.Permissions ?? FtpPermissions.All);
        bool isFile = entry.IsFile;
        bool isDirectory = entry.IsDirectory;

        // The root, which alone has no name, can be neither removed nor renamed.
        bool isMovable = entry.Name.Length > 0;
        AddIf(ref line, 'a', isFile && Has(allowed, FtpPermissions.Append));
        AddIf(ref line, 'c', isDirectory && Has(allowed, FtpPermissions.Write));
        AddIf(ref line, 'd', isMovable && Has(allowed, FtpPermissions.Delete));
        AddIf(ref line, 'e', isDirectory && allowed != FtpPermissions.None);
        AddIf(ref line, 'f', isMovable && Has(allowed, FtpPermissions.Rename));
        AddIf(ref line, 'l', isDirectory && Has(allowed, FtpPermissions.List));
        AddIf(ref line, 'm', isDirectory && Has(allowed, FtpPermissions.MakeDirectory));
        AddIf(ref line, 'p', isDirectory && Has(allowed, FtpPermissions.Delete));
        AddIf(ref line, 'r', isFile && Has(allowed, FtpPermissions.Read));
        AddIf(ref line, 'w', isFile && Has(allowed, FtpPermissions.Write));
    }

    private static bool Has(FtpPermissions allowed, FtpPermissions wanted) => (allowed & wanted) != 0;

    private static void AddIf(ref Octets line, char letter, bool condition)
    {
        if (condition)
            line.Add((byte)letter);
    }
}
