using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Facts;

/// <summary>MDTM (RFC 3659 section 3, with the form that sets a time), MFMT, MFCT and MFF (draft-somers-ftp-mfxx).</summary>
internal static class Times
{
    private static readonly Reply BadMdtm = Reply.Constant(501, "Invalid date or argument.");
    private static readonly Reply BadMfmt = Reply.Constant(501, "MFMT requires a valid time and a path.");
    private static readonly Reply BadMfct = Reply.Constant(501, "MFCT requires a valid time and a path.");

    public static readonly Verb Mdtm = new("MDTM", Needs.Login | Needs.Argument, MdtmAsync)
    {
        Help = "MDTM path | MDTM time path",
        Feature = static _ => "MDTM",
        ArgumentMissing = BadMdtm,
    };

    public static readonly Verb Mfmt = new("MFMT", Needs.Login | Needs.Argument, MfmtAsync)
    {
        Help = "MFMT time path",
        Feature = static session => CanChange(session, ChangeableFacts.Modified) ? "MFMT" : null,
        IsOffered = static session => CanChange(session, ChangeableFacts.Modified),
        ArgumentMissing = BadMfmt,
    };

    public static readonly Verb Mfct = new("MFCT", Needs.Login | Needs.Argument, MfctAsync)
    {
        Help = "MFCT time path",
        Feature = static session => CanChange(session, ChangeableFacts.Created) ? "MFCT" : null,
        IsOffered = static session => CanChange(session, ChangeableFacts.Created),
        ArgumentMissing = BadMfct,
    };

    /// <summary>Whether the driver can change a fact; before login it is taken to be able to, so that FEAT does not hide what most drivers have.</summary>
    public static bool CanChange(FtpSession session, ChangeableFacts facts) => !session.IsLoggedIn || (session.Driver is IFactChanging changing && (changing.Changeable & facts) == facts);

    /// <summary>Changes facts, as the SITE words do too.</summary>
    public static async ValueTask<FtpEntry> ChangeAsync(FtpSession session, string name, FactChange change, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.Path(session, name);
        if (session.Driver is not IFactChanging changing)
            throw new FtpDriverException(FtpError.NotImplemented);
        await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        Arguments.Demand(session, FtpPermissions.ChangeFacts);
        FtpEntry entry = await changing.ChangeFactsAsync(path, change, cancellationToken).ConfigureAwait(false);
        session.Changed(FtpChangeKind.FactsChanged, path);
        return entry;
    }

    private static async ValueTask<Outcome> MdtmAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.Path(session, argument);
        Arguments.DemandAny(session, FtpPermissions.List | FtpPermissions.Read | FtpPermissions.ChangeFacts);
        FtpEntry? entry = await session.Driver.GetFileInfoAsync(path, cancellationToken).ConfigureAwait(false);
        // A name that looks like the setting form is looked up first (F3659-3.4-1).
        if (entry is null && TrySplit(argument, out string time, out string name) && time.Length >= FtpTime.Length && time.AsSpan(0, FtpTime.Length).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            if (!FtpTime.TryParseZoned(time, out DateTime utc))
                return BadMdtm;
            await Arguments.FileAsync(session, Arguments.FilePath(session, name), cancellationToken).ConfigureAwait(false);
            FtpEntry changed = await ChangeAsync(session, name, new FactChange { ModifiedUtc = utc }, cancellationToken).ConfigureAwait(false);
            return Reply.Of(213, FtpTime.Format(changed.ModifiedUtc));
        }
        Arguments.DemandAny(session, FtpPermissions.List | FtpPermissions.Read);
        if (entry is null || entry.Kind == FtpEntryKind.DanglingLink)
            return Replies.NotFound(argument);
        Arguments.Demand(entry, FtpPermissions.List | FtpPermissions.Read);
        if (!entry.IsFile || argument.EndsWith('/'))
            return Replies.NotAPlainFile(argument);
        return Reply.Of(213, FtpTime.Format(entry.ModifiedUtc));
    }

    private static async ValueTask<Outcome> MfmtAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!TrySplit(argument, out string time, out string name) || !FtpTime.TryParse(time, out DateTime utc))
            return BadMfmt;
        FtpEntry entry = await ChangeAsync(session, name, new FactChange { ModifiedUtc = utc }, cancellationToken).ConfigureAwait(false);
        return Reply.Of(213, $"Modify={FtpTime.Format(entry.ModifiedUtc)}; {name}");
    }

    private static async ValueTask<Outcome> MfctAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (!TrySplit(argument, out string time, out string name) || !FtpTime.TryParse(time, out DateTime utc))
            return BadMfct;
        FtpEntry entry = await ChangeAsync(session, name, new FactChange { CreatedUtc = utc }, cancellationToken).ConfigureAwait(false);
        return Reply.Of(213, $"Create={FtpTime.Format(entry.CreatedUtc ?? utc)}; {name}");
    }

    private static bool TrySplit(string argument, out string time, out string name)
    {
        int space = argument.IndexOf(' ', StringComparison.Ordinal);
        time = space < 0 ? argument : argument[..space];
        name = space < 0 ? "" : argument[(space + 1)..];
        return time.Length > 0 && name.Length > 0;
    }
}
