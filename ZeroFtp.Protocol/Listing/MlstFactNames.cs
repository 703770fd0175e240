using System.Text;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Listing;

/// <summary>The facts by name: what FEAT offers and what OPTS MLST selects (RFC 3659 sections 7.8 and 7.9).</summary>
internal static class MlstFactNames
{
    /// <summary>What a session shows until OPTS MLST says otherwise.</summary>
    public const MlstFacts Default = MlstFacts.Type | MlstFacts.Size | MlstFacts.Modify | MlstFacts.Perm | MlstFacts.Unique;

    private static readonly (MlstFacts Fact, string Name)[] Names =
    [
        (MlstFacts.Type, "type"),
        (MlstFacts.Size, "size"),
        (MlstFacts.Modify, "modify"),
        (MlstFacts.Create, "create"),
        (MlstFacts.Perm, "perm"),
        (MlstFacts.Unique, "unique"),
        (MlstFacts.MediaType, "media-type"),
        (MlstFacts.UnixMode, "UNIX.mode"),
        (MlstFacts.UnixOwner, "UNIX.owner"),
        (MlstFacts.UnixGroup, "UNIX.group"),
        (MlstFacts.UnixUid, "UNIX.uid"),
        (MlstFacts.UnixGid, "UNIX.gid"),
        (MlstFacts.UnixOwnerName, "UNIX.ownername"),
        (MlstFacts.UnixGroupName, "UNIX.groupname"),
    ];

    /// <summary>The facts that a server with these options offers.</summary>
    public static MlstFacts Supported(FtpListingOptions options)
    {
        MlstFacts all = Names.Aggregate(MlstFacts.None, (facts, pair) => facts | pair.Fact);
        return options.MediaTypes is null ? all & ~MlstFacts.MediaType : all;
    }

    /// <summary>The line of FEAT without its leading space: <c>MLST type*;size;…</c>, a star behind each selected fact.</summary>
    public static string FeatureLine(MlstFacts supported, MlstFacts selected) => "MLST " + List(supported, fact => (selected & fact) != 0 ? "*;" : ";");

    /// <summary>The reply to OPTS MLST behind its code: <c>MLST OPTS type;size;</c>.</summary>
    public static string OptionsReply(MlstFacts selected) => ("MLST OPTS " + List(selected, _ => ";")).TrimEnd();

    /// <summary>Reads the list of OPTS MLST, which may be empty. Unknown facts are passed over; the last semicolon may be missing.</summary>
    /// <returns>False for a syntax error.</returns>
    public static bool TryParse(ReadOnlySpan<char> list, MlstFacts supported, out MlstFacts selected)
    {
        selected = MlstFacts.None;
        if (list.EndsWith(';'))
            list = list[..^1];
        else if (list.IsEmpty)
            return true;
        foreach (Range range in list.Split(';'))
        {
            ReadOnlySpan<char> name = list[range];
            if (name.IsEmpty || name.ContainsAnyExceptInRange('!', '~') || name.Contains('='))
                return false;
            selected |= Find(name) & supported;
        }
        return true;
    }

    private static MlstFacts Find(ReadOnlySpan<char> name)
    {
        foreach ((MlstFacts fact, string known) in Names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return fact;
        }
        return MlstFacts.None;
    }

    private static string List(MlstFacts facts, Func<MlstFacts, string> end)
    {
        StringBuilder list = new();
        foreach ((MlstFacts fact, string name) in Names)
        {
            if ((facts & fact) != 0)
                list.Append(name).Append(end(fact));
        }
        return list.ToString();
    }
}
