using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Tests.Protocol.Sessions;

/// <summary>Options that tests of sessions start from.</summary>
internal static class SessionOptions
{
    public static readonly FtpServerOptions NoDelay = new() { Limits = new FtpLimitOptions { LoginDelay = TimeSpan.Zero, MaxLoginDelay = TimeSpan.Zero } };
}
