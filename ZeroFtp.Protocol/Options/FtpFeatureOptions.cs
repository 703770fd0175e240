using System.Collections.Frozen;
using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Options;

/// <summary>Verbs and behaviour that can be switched on and off. A verb that is off is answered 502 and not listed by FEAT.</summary>
public sealed record FtpFeatureOptions
{
    /// <summary>
    /// Verbs to switch off, for example <c>SITE</c> or <c>MFMT</c>, in any case. A verb is off under all of its names, whichever is given: <c>XCWD</c> stands for <c>CWD</c>, and is read back as that.
    /// A name that no verb has is a fault.
    /// </summary>
    public IReadOnlySet<string> DisabledVerbs { get; init => field = Resolve(value); } = FrozenSet<string>.Empty;

    /// <summary>Whether MODE Z is offered.</summary>
    public bool ModeZ { get; init; } = true;

    /// <summary>The zlib level of MODE Z, 0 to 9, unless the client chooses.</summary>
    public int ModeZLevel { get; init; } = 6;

    /// <summary>Whether the verbs MD5 and MMD5 are offered.</summary>
    public bool Md5Verbs { get; init; }

    /// <summary>Whether ALLO asks the driver for space (200, 452, 552) instead of answering 202.</summary>
    public bool CheckAllocation { get; init; }

    /// <summary>Whether CSID tells the version of the server and its operating system, beside its name.</summary>
    public bool ShowVersion { get; init; }

    /// <summary>Whether SITE CHMOD may set the setuid, setgid and sticky bits.</summary>
    public bool AllowSpecialModeBits { get; init; }

    /// <summary>The mask of permission bits taken from new files and directories.</summary>
    public int Umask { get; init; } = 0b000_010_010;

    /// <summary>
    /// Patterns of names that may not be created (553): <c>*</c>, <c>?</c>, and sets such as <c>[a-c]</c> or <c>[!0-9]</c>. Case does not matter, and
    /// <c>*</c> matches a leading dot too.
    /// </summary>
    public IReadOnlyList<string> DeniedNames
    {
        get;
        init
        {
            field = value;
            _denied = [.. value.Select(static pattern => new Glob(pattern, isFilter: true))];
        }
    } = [];

    private readonly Glob[] _denied = [];

    internal bool Denies(string name) => Array.Exists(_denied, pattern => pattern.IsMatch(name));

    /// <summary>
    /// Words of SITE, in any case, that have no effect here and are answered <see cref="ToleratedSiteCode"/> rather than 500. The default is what scripts for
    /// mainframes say before an upload: <c>SITE RECFM=FB LRECL=80</c>. A word ends at a space, <c>=</c> or <c>(</c>. A word that the server or its driver has
    /// is not looked up here.
    /// </summary>
    public IReadOnlySet<string> ToleratedSiteWords { get; init => field = value.ToFrozenSet(StringComparer.OrdinalIgnoreCase); } = MainframeWords;

    /// <summary>
    /// The code that answers <see cref="ToleratedSiteWords"/>: 202 (superfluous, RFC 959 section 4.2) or 200, for clients that take 202 for a failure.
    /// </summary>
    public int ToleratedSiteCode { get; init; } = 202;

    private static FrozenSet<string> MainframeWords { get; } = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "BLKSIZE", "BLOCKSIZE", "BLOCKS", "CYLINDERS", "DATACLASS", "DCBDSN", "FILETYPE", "JESLRECL", "JESRECFM", "LRECL", "MGMTCLASS", "PRIMARY", "RECFM",
        "SBDATACONN", "SECONDARY", "STORCLASS", "TRACKS", "TRAILINGBLANKS", "UNIT", "VOLUME", "WRAPRECORD");

    internal void Validate(List<string> faults)
    {
        if (ToleratedSiteCode is not (200 or 202))
            faults.Add("Features.ToleratedSiteCode must be 200 or 202.");
        if (ModeZLevel is < 0 or > 9)
            faults.Add("Features.ModeZLevel must lie within 0 and 9.");
        if (Umask is < 0 or > 0b111_111_111)
            faults.Add("Features.Umask must lie within 0 and 0777.");
        foreach (string verb in DisabledVerbs)
        {
            if (Find(verb) is null)
                faults.Add($"Features.DisabledVerbs must name verbs; there is no '{verb}'.");
        }
    }

    private static FrozenSet<string> Resolve(IReadOnlySet<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Select(static name => Find(name)?.Name ?? name).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    private static Verb? Find(string name) => Verbs.Find(CommandLine.KeyOf(name));
}
