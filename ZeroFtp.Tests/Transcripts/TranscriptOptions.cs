using System.Net;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Tests.Transcripts;

/// <summary>The options that transcripts ask for by name (<c>@with</c>).</summary>
internal static class TranscriptOptions
{
    public static readonly FtpServerOptions Default = new()
    {
        Limits = new FtpLimitOptions { LoginDelay = TimeSpan.Zero, MaxLoginDelay = TimeSpan.Zero },
    };

    private static readonly Dictionary<string, Func<FtpServerOptions, FtpServerOptions>> Named = new(StringComparer.Ordinal)
    {
        ["tls-off"] = static options => options with { Tls = options.Tls with { Policy = FtpTlsPolicy.Off } },
        ["tls-required"] = static options => options with { Tls = options.Tls with { Policy = FtpTlsPolicy.Required } },
        ["data-tls-required"] = static options => options with { Tls = options.Tls with { RequireOnData = true } },
        ["data-resumption"] = static options => options with { Tls = options.Tls with { RequireDataResumption = true } },
        ["close-notify"] = static options => options with { Tls = options.Tls with { RequireCloseNotify = true } },
        ["ccc"] = static options => options with { Tls = options.Tls with { AllowCcc = true } },
        ["prot-without-pbsz"] = static options => options with { Tls = options.Tls with { AllowProtWithoutPbsz = true } },
        ["no-prot-c"] = static options => options with { Tls = options.Tls with { RefuseProtClear = true } },
        ["fxp"] = static options => options with { Data = options.Data with { AllowFxp = true } },
        ["no-active"] = static options => options with { Data = options.Data with { AllowActive = false } },
        ["no-passive"] = static options => options with { Data = options.Data with { AllowPassive = false } },
        ["external-address"] = static options => options with { Data = options.Data with { ExternalAddress = static _ => ValueTask.FromResult<IPAddress?>(IPAddress.Parse("203.0.113.9")) } },
        ["default-data-port"] = static options => options with { Data = options.Data with { UseDefaultDataPort = true } },
        ["md5"] = static options => options with { Features = options.Features with { Md5Verbs = true } },
        ["no-mode-z"] = static options => options with { Features = options.Features with { ModeZ = false } },
        ["allocation"] = static options => options with { Features = options.Features with { CheckAllocation = true } },
        ["denied-names"] = static options => options with { Features = options.Features with { DeniedNames = ["*.exe", ".ht*", "x[ab].txt"] } },
        ["tolerated-site"] = static options => options with
        {
            Features = options.Features with { ToleratedSiteWords = new HashSet<string> { "Anything" }, ToleratedSiteCode = 200 },
        },
        ["special-bits"] = static options => options with { Features = options.Features with { AllowSpecialModeBits = true } },
        ["show-version"] = static options => options with { Features = options.Features with { ShowVersion = true } },
        ["no-rang"] = static options => options with { Features = options.Features with { DisabledVerbs = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "RANG" } } },
        ["hash-limit"] = static options => options with { Limits = options.Limits with { MaxHashLength = 1000 } },
        ["ascii-scan-limit"] = static options => options with { Limits = options.Limits with { MaxAsciiSizeScan = 100 } },
        ["short-lines"] = static options => options with { Limits = options.Limits with { MaxLineLength = 512 } },
        ["two-sessions"] = static options => options with { Limits = options.Limits with { MaxSessions = 2 } },
        ["one-per-address"] = static options => options with { Limits = options.Limits with { MaxSessionsPerAddress = 1 } },
        ["hosts"] = static options => options with { HostNames = ["ftp.example.com", "server.test"] },
        ["closed-host"] = static options => options with { ClosedHostNames = ["moving.example.com"] },
        ["greeting"] = static options => options with { Greeting = ["Welcome.", "Read the rules.", "FTP server ready."] },
        ["dos-lists"] = static options => options with { Listing = options.Listing with { Format = FtpListFormat.MsDos } },
        ["few-directories"] = static options => options with { Listing = options.Listing with { MaxDirectories = 1 } },
        ["media-types"] = static options => options with { Listing = options.Listing with { MediaTypes = new Dictionary<string, string> { [".txt"] = "text/plain" } } },
    };

    public static FtpServerOptions Of(IEnumerable<string> names) => names.Aggregate(Default, static (options, name) => Named[name](options));
}
