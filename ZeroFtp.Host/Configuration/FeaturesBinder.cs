using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of verbs and behaviour that can be switched.</summary>
internal static class FeaturesBinder
{
    public static FtpFeatureOptions Bind(ConfigurationReader reader, FtpFeatureOptions defaults)
    {
        IReadOnlyList<string> disabled = reader.Texts("features:disabledVerbs", [.. defaults.DisabledVerbs],
            "Verbs to switch off, such as SITE or MFMT; each under all of its names.");
        return new FtpFeatureOptions
        {
            DisabledVerbs = disabled.ToHashSet(StringComparer.OrdinalIgnoreCase),
            ModeZ = reader.Flag("features:modeZ", defaults.ModeZ, "Whether MODE Z (compression) is offered."),
            ModeZLevel = reader.Number("features:modeZLevel", defaults.ModeZLevel, 0, 9, "The level of MODE Z, 0 to 9, unless the client chooses."),
            Md5Verbs = reader.Flag("features:md5Verbs", defaults.Md5Verbs, "Whether MD5 and MMD5 are offered."),
            CheckAllocation = reader.Flag("features:checkAllocation", defaults.CheckAllocation, "Whether ALLO asks the store for space."),
            ShowVersion = reader.Flag("features:showVersion", defaults.ShowVersion, "Whether CSID tells the version of the server and its operating system."),
            AllowSpecialModeBits = reader.Flag("features:allowSpecialModeBits", defaults.AllowSpecialModeBits,
                "Whether SITE CHMOD may set the setuid, setgid and sticky bits."),
            Umask = reader.Value("features:umask", defaults.Umask, OctalMode.TryParse, OctalMode.Format,
                "Permission bits taken from new files and directories, in octal."),
            ToleratedSiteWords = reader.Texts("features:toleratedSiteWords", [.. defaults.ToleratedSiteWords.Order(StringComparer.Ordinal)],
                "Words of SITE that have no effect and are no error, such as those of scripts for mainframes.").ToHashSet(StringComparer.OrdinalIgnoreCase),
            ToleratedSiteCode = reader.Number("features:toleratedSiteCode", defaults.ToleratedSiteCode, 200, 202,
                "The code that answers toleratedSiteWords: 202, or 200 for clients that take 202 for a failure."),
            DeniedNames = reader.Texts("features:deniedNames", defaults.DeniedNames, "Patterns of names that may not be created: *, ? and [...], in any case."),
        };
    }
}
