using System.Collections.Frozen;
using ZeroFtp.Protocol.Commands.DataConnections;
using ZeroFtp.Protocol.Commands.Digests;
using ZeroFtp.Protocol.Commands.Facts;
using ZeroFtp.Protocol.Commands.Files;
using ZeroFtp.Protocol.Commands.Info;
using ZeroFtp.Protocol.Commands.Listings;
using ZeroFtp.Protocol.Commands.Login;
using ZeroFtp.Protocol.Commands.Parameters;
using ZeroFtp.Protocol.Commands.Site;
using ZeroFtp.Protocol.Commands.Tls;
using ZeroFtp.Protocol.Commands.Transfers;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Commands;

/// <summary>The table of all verbs. Adding one means one file and one line here.</summary>
internal static class Verbs
{
    public static IReadOnlyList<Verb> All { get; } =
    [
        Abor.Definition, Acct.Definition, SecurityData.Adat, Allo.Definition, Stores.Appe, Auth.Definition, Space.Avbl, Ccc.Definition,
        Cdup.Definition, Clnt.Definition, Comb.Definition, SecurityData.Conf, Passive.Cpsv, Csid.Definition, Cwd.Definition, Dele.Definition,
        Space.Dsiz, SecurityData.Enc, Active.Eprt, Passive.Epsv, Feat.Definition, Hash.Definition, Help.Definition, Host.Definition,
        Lang.Definition, Lists.List, Refused.Lprt, Refused.Lpsv, Checksums.Md5, Times.Mdtm, Times.Mfct, Mff.Definition, Times.Mfmt,
        SecurityData.Mic, Mkd.Definition, Lists.Mlsd, Mlst.Definition, Checksums.Mmd5, Mode.Definition, Lists.Nlst, Noop.Definition,
        Opts.Definition, Pass.Definition, Passive.Pasv, Pbsz.Definition, Active.Port, Refused.Pret, Prot.Definition, Pwd.Definition,
        Quit.Definition, Rang.Definition, Rein.Definition, Rest.Definition, Retr.Definition, Rmd.Definition, Rmda.Definition, Renames.Rnfr,
        Renames.Rnto, SiteWords.Definition, Size.Definition, Refused.Smnt, Sscn.Definition, Stat.Definition, Stores.Stor, Stores.Stou, Stru.Definition,
        Syst.Definition, Refused.Thmb, RepresentationType.Definition, User.Definition, Checksums.XCrc, Checksums.XMd5, Quota.Definition, Checksums.XSha,
        Checksums.XSha1, Checksums.XSha256, Checksums.XSha512,
    ];

    private static readonly FrozenDictionary<ulong, Verb> ByKey = All
        .SelectMany(static verb => verb.Aliases.Prepend(verb.Name).Select(name => KeyValuePair.Create(CommandLine.KeyOf(name), verb)))
        .ToFrozenDictionary();

    public static Verb? Find(ulong key) => key == 0 ? null : ByKey.GetValueOrDefault(key);
}
