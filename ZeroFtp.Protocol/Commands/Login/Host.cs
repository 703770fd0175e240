using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Login;

/// <summary>HOST (RFC 7151).</summary>
internal static class Host
{
    private static readonly Reply Accepted = Reply.Constant(220, "Host accepted.");
    private static readonly Reply BadSyntax = Reply.Constant(501, "HOST requires a host name without port.");
    private static readonly Reply OutOfService = Reply.Constant(421, "Host is not available now, closing control connection.");
    private static readonly Reply Unknown = Reply.Constant(504, "Host is not known here.");
    private static readonly Reply TooLate = Reply.Constant(503, "HOST must be sent before USER and PASS.");

    public static readonly Verb Definition = new("HOST", Needs.Argument, Run)
    {
        Help = "HOST name",
        Feature = static _ => "HOST",
        ArgumentMissing = BadSyntax,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken) => ValueTask.FromResult(Choose(session, argument));

    private static Outcome Choose(FtpSession session, string argument)
    {
        if (session.IsLoggedIn)
            return TooLate;
        string name = argument.Trim(' ');
        if (!TryParse(name, out string host, out IPAddress? address))
            return BadSyntax;
        if (address is not null)
        {
            if (!Driver.Addresses.AreSame(address, session.LocalAddress))
                return Unknown;
        }
        else if (session.IsProtected && session.Security.ServerName is { } sent)
        {
            if (!string.Equals(sent, host, StringComparison.OrdinalIgnoreCase))
                return Unknown;
        }
        else if (session.Options.ClosedHostNames.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            return new Outcome(OutOfService, After: After.Close);
        }
        else if (session.Options.HostNames.Count > 0 && !session.Options.HostNames.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            return Unknown;
        }
        session.Login.ClearPending();
        session.Host = host;
        return Accepted;
    }

    private static bool TryParse(string name, out string host, out IPAddress? address)
    {
        host = name.ToLowerInvariant();
        address = null;
        if (name.StartsWith('['))
            return name.EndsWith(']') && Driver.Addresses.TryParse(name[1..^1], AddressFamily.InterNetworkV6, out address);
        if (name.Length > 0 && name.All(static c => char.IsAsciiDigit(c) || c == '.'))
            return Driver.Addresses.TryParse(name, AddressFamily.InterNetwork, out address);
        if (host.EndsWith('.'))
            host = host[..^1];
        return host.Length is > 0 and <= 253 && host.Split('.').All(IsLabel);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
