using ZeroFtp.Protocol.Commands.Digests;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Parameters;

/// <summary>OPTS (RFC 2389): UTF8, MLST, HASH and MODE.</summary>
internal static class Opts
{
    private static readonly Reply Unknown = Reply.Constant(501, "Option not understood.");
    private static readonly Reply Utf8On = Reply.Constant(200, "UTF-8 is always on.");
    private static readonly Reply Utf8Off = Reply.Constant(501, "UTF-8 cannot be switched off.");
    private static readonly Reply BadMlst = Reply.Constant(501, "Invalid MLST options.");
    private static readonly Reply BadHash = Reply.Constant(501, "Unknown algorithm, selection not changed.");
    private static readonly Reply BadModeZ = Reply.Constant(501, "Invalid MODE Z option.");

    public static readonly Verb Definition = new("OPTS", Needs.Argument, Run)
    {
        Help = "OPTS UTF8 ON | MLST facts | HASH algorithm | MODE Z LEVEL n",
        Feature = static _ => "UTF8\nTVFS",
        ArgumentMissing = Unknown,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        int space = argument.IndexOf(' ', StringComparison.Ordinal);
        string name = space < 0 ? argument : argument[..space];
        string rest = space < 0 ? "" : argument[(space + 1)..].Trim(' ');
        return (Outcome)(name.ToUpperInvariant() switch
        {
            "UTF8" or "UTF-8" => Utf8(rest),
            "MLST" => Mlst(session, rest),
            "HASH" => Hash(session, rest),
            "MODE" when session.Options.Features.ModeZ => ModeZ(session, Arguments.Tokens(rest.ToUpperInvariant())),
            _ => Unknown,
        });
    }

    private static Reply Utf8(string rest) => rest.ToUpperInvariant() switch
    {
        "" or "ON" or "NLST" => Utf8On,
        "OFF" => Utf8Off,
        _ => Unknown,
    };

    private static Reply Mlst(FtpSession session, string rest)
    {
        if (!MlstFactNames.TryParse(rest, MlstFactNames.Supported(session.Options.Listing), out MlstFacts facts))
            return BadMlst;
        session.Facts = facts;
        return Reply.Of(200, MlstFactNames.OptionsReply(facts));
    }

    private static Reply Hash(FtpSession session, string rest)
    {
        if (rest.Length > 0)
        {
            foreach (FtpHashAlgorithm algorithm in FileHash.All)
            {
                if (!FileHash.NameOf(algorithm).Equals(rest, StringComparison.OrdinalIgnoreCase))
                    continue;
                session.HashAlgorithm = algorithm;
                return Reply.Of(200, FileHash.NameOf(algorithm));
            }
            return BadHash;
        }
        return Reply.Of(200, FileHash.NameOf(session.HashAlgorithm));
    }

    private static Reply ModeZ(FtpSession session, string[] tokens)
    {
        if (tokens.Length == 0 || tokens[0] != "Z" || tokens.Length % 2 == 0)
            return BadModeZ;
        int? level = null;
        for (int i = 1; i < tokens.Length; i += 2)
        {
            switch (tokens[i], tokens[i + 1])
            {
                case ("LEVEL", var digits) when digits.Length == 1 && char.IsAsciiDigit(digits[0]):
                    level = digits[0] - '0';
                    break;
                case ("ENGINE", "ZLIB") or ("METHOD", "8"):
                    break;
                default:
                    return BadModeZ;
            }
        }
        session.Parameters.DeflateLevel = level;
        return Reply.Of(200, $"Compression level set to {level ?? session.Options.Features.ModeZLevel}.");
    }
}
