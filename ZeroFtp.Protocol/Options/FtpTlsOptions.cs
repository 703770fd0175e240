namespace ZeroFtp.Protocol.Options;

/// <summary>When TLS is wanted.</summary>
public enum FtpTlsPolicy
{
    /// <summary>AUTH is refused with 534.</summary>
    Off,

    /// <summary>The client decides.</summary>
    Optional,

    /// <summary>USER on a clear connection is refused with 533.</summary>
    Required,
}

/// <summary>TLS policy (RFC 4217). Certificates come from the driver.</summary>
public sealed record FtpTlsOptions
{
    /// <summary>The policy of control connections.</summary>
    public FtpTlsPolicy Policy { get; init; } = FtpTlsPolicy.Optional;

    /// <summary>Whether transfers over clear data connections are refused with 522.</summary>
    public bool RequireOnData { get; init; }

    /// <summary>Whether a protected data connection must resume a TLS session, else 522. Some clients cannot.</summary>
    public bool RequireDataResumption { get; init; }

    /// <summary>Whether an upload whose TLS connection was closed without close_notify is refused with 426. Some clients never send it.</summary>
    public bool RequireCloseNotify { get; init; }

    /// <summary>Whether a data connection must show the same client certificate as the control connection, if that showed one.</summary>
    public bool RequireSameClientCertificate { get; init; } = true;

    /// <summary>Whether CCC is allowed. It exposes commands.</summary>
    public bool AllowCcc { get; init; }

    /// <summary>Whether PROT is accepted without PBSZ.</summary>
    public bool AllowProtWithoutPbsz { get; init; }

    /// <summary>Whether PROT C is refused with 534.</summary>
    public bool RefuseProtClear { get; init; }

    /// <summary>How long a handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a data connection stays open for its peer's own end: after 226 of a download (the next transfer ends that sooner), and for close_notify of an upload to be sent.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    internal void Validate(List<string> faults)
    {
        if (HandshakeTimeout <= TimeSpan.Zero || HandshakeTimeout > FtpServerOptions.LongestTimer)
            faults.Add("Tls.HandshakeTimeout must be above 0 and at most a day.");
        if (CloseTimeout < TimeSpan.Zero || CloseTimeout > FtpServerOptions.LongestTimer)
            faults.Add("Tls.CloseTimeout must be between 0 and a day.");
        if (RequireDataResumption && Policy == FtpTlsPolicy.Off)
            faults.Add("Tls.RequireDataResumption needs a TLS policy other than Off.");
        if (RequireOnData && Policy == FtpTlsPolicy.Off)
            faults.Add("Tls.RequireOnData needs a TLS policy other than Off.");
    }
}
