using System.Collections.Frozen;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands;

/// <summary>The table of all verbs. Adding one means one file and one line here.</summary>
internal static class Verbs
{
    public static IReadOnlyList<Verb> All { get; } =
    [
        AborVerb.Definition, AcctVerb.Definition, SecurityDataVerbs.Adat, AlloVerb.Definition, StoreVerbs.Appe, AuthVerb.Definition, SpaceVerbs.Avbl, CccVerb.Definition,
        CdupVerb.Definition, ClntVerb.Definition, CombVerb.Definition, SecurityDataVerbs.Conf, PassiveVerbs.Cpsv, CsidVerb.Definition, CwdVerb.Definition, DeleVerb.Definition,
        SpaceVerbs.Dsiz, SecurityDataVerbs.Enc, ActiveVerbs.Eprt, PassiveVerbs.Epsv, FeatVerb.Definition, HashVerb.Definition, HelpVerb.Definition, HostVerb.Definition,
        LangVerb.Definition, ListVerbs.List, RefusedVerbs.Lprt, RefusedVerbs.Lpsv, ChecksumVerbs.Md5, TimeVerbs.Mdtm, TimeVerbs.Mfct, MffVerb.Definition, TimeVerbs.Mfmt,
        SecurityDataVerbs.Mic, MkdVerb.Definition, ListVerbs.Mlsd, MlstVerb.Definition, ChecksumVerbs.Mmd5, ModeVerb.Definition, ListVerbs.Nlst, NoopVerb.Definition,
        OptsVerb.Definition, PassVerb.Definition, PassiveVerbs.Pasv, PbszVerb.Definition, ActiveVerbs.Port, RefusedVerbs.Pret, ProtVerb.Definition, PwdVerb.Definition,
        QuitVerb.Definition, RangVerb.Definition, ReinVerb.Definition, RestVerb.Definition, RetrVerb.Definition, RmdVerb.Definition, RmdaVerb.Definition, RenameVerbs.Rnfr,
        RenameVerbs.Rnto, SiteVerb.Definition, SizeVerb.Definition, RefusedVerbs.Smnt, SscnVerb.Definition, StatVerb.Definition, StoreVerbs.Stor, StoreVerbs.Stou, StruVerb.Definition,
        SystVerb.Definition, RefusedVerbs.Thmb, TypeVerb.Definition, UserVerb.Definition, ChecksumVerbs.XCrc, ChecksumVerbs.XMd5, QuotaVerb.Definition, ChecksumVerbs.XSha,
        ChecksumVerbs.XSha1, ChecksumVerbs.XSha256, ChecksumVerbs.XSha512,
    ];

    private static readonly FrozenDictionary<ulong, Verb> ByKey = All
        .SelectMany(static verb => verb.Aliases.Prepend(verb.Name).Select(name => KeyValuePair.Create(CommandLine.KeyOf(name), verb)))
        .ToFrozenDictionary();

    public static Verb? Find(ulong key) => key == 0 ? null : ByKey.GetValueOrDefault(key);
}
