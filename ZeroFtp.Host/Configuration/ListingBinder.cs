using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>The keys of listings.</summary>
internal static class ListingBinder
{
    public static FtpListingOptions Bind(ConfigurationReader reader, FtpListingOptions defaults)
    {
        Dictionary<string, string> mediaTypes = [];
        foreach (string suffix in reader.Children("listing:mediaTypes"))
        {
            mediaTypes[suffix.ToLowerInvariant()] = reader.Text($"listing:mediaTypes:{suffix}", "",
                "The media type that MLSD tells of names with this suffix.");
            if (!suffix.StartsWith('.'))
                reader.Fault($"listing:mediaTypes:{suffix}", "expected a suffix with its dot, such as .txt");
        }
        return new FtpListingOptions
        {
            DotFiles = reader.Choice("listing:dotFiles", defaults.DotFiles,
                "Which listings show names with a leading dot: onRequest (MLSD always, LIST with -a), always, never."),
            Format = reader.Choice("listing:format", defaults.Format, "How lines of LIST look: unix or msDos."),
            LinkFacts = reader.Choice("listing:linkFacts", defaults.LinkFacts,
                "What MLSD and MLST say of symbolic links: symlink, slinkWithTarget, or targetType (clients then walk through links)."),
            HideOwners = reader.Flag("listing:hideOwners", defaults.HideOwners, "Whether owners and groups are shown as ftp."),
            AllowRecursion = reader.Flag("listing:allowRecursion", defaults.AllowRecursion, "Whether LIST -R is obeyed."),
            MaxDepth = reader.Number("listing:maxDepth", defaults.MaxDepth, 1, 1_000, "How deep LIST -R goes."),
            MaxEntries = reader.Number("listing:maxEntries", defaults.MaxEntries, 1, int.MaxValue, "Entries that one listing with -R or a pattern looks at."),
            MaxDirectories = reader.Number("listing:maxDirectories", defaults.MaxDirectories, 1, int.MaxValue,
                "Directories that one listing with -R or a pattern opens."),
            MaxDuration = reader.Time("listing:maxDuration", defaults.MaxDuration, "How long one listing with -R or a pattern looks for entries."),
            MaxSortedEntries = reader.Number("listing:maxSortedEntries", defaults.MaxSortedEntries, 0, int.MaxValue,
                "Entries up to which a directory is sorted by time or size."),
            MediaTypes = mediaTypes.Count == 0 ? null : mediaTypes,
        };
    }
}
