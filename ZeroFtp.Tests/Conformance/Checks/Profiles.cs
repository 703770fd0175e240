namespace ZeroFtp.Conformance.Checks;

/// <summary>The configurations that checks may ask for; <c>docs/conformance.md</c> lists the settings of each.</summary>
internal static class Profiles
{
    /// <summary>Clear and TLS, defaults everywhere, no delay after a failed login.</summary>
    public const string Default = "default";

    /// <summary>Every optional feature switched on (CCC, MD5, MODE Z, FXP, ...).</summary>
    public const string EverythingOn = "everything-on";

    /// <summary>Limits of a few seconds and a few connections.</summary>
    public const string ShortLimits = "short-limits";

    /// <summary>Login and data connections must be protected.</summary>
    public const string TlsRequired = "tls-required";

    /// <summary>No certificate configured: TLS is off.</summary>
    public const string NoTls = "no-tls";

    /// <summary>Strict about TLS: session reuse required on data connections, an upload must end in close_notify.</summary>
    public const string TlsStrict = "tls-strict";

    /// <summary>Virtual hosts with their own certificates and accounts.</summary>
    public const string Hosts = "hosts";

    /// <summary>A three-line greeting, directory messages, a quota, upload filters, a second language.</summary>
    public const string Texts = "texts";

    /// <summary>Active mode and optional verbs switched off.</summary>
    public const string Restricted = "restricted";

    /// <summary>Everything beyond RFC 959 switched off.</summary>
    public const string Bare = "bare";

    /// <summary>
    /// The other choice wherever the requirements name a setting: links shown as links in MLSD, dot-files always listed, PROT without PBSZ, MS-DOS listings,
    /// names checked by upload filters, TLS 1.0 and 1.1 permitted.
    /// </summary>
    public const string Alternatives = "alternatives";

    /// <summary>A client certificate is required and must come from a given authority.</summary>
    public const string ClientCertificates = "client-certificates";

    public static readonly IReadOnlyList<string> All =
        [Default, EverythingOn, ShortLimits, TlsRequired, NoTls, TlsStrict, Hosts, Texts, Restricted, Bare, Alternatives, ClientCertificates];
}
