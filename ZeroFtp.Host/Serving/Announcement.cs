using System.Net;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Protocol;

namespace ZeroFtp.Host.Serving;

/// <summary>The lines on standard output that people and scripts wait for.</summary>
internal static class Announcement
{
    public static void Listening(TextWriter output, IReadOnlyList<FtpEndPoint> bound)
    {
        foreach (FtpEndPoint endPoint in bound)
            output.WriteLine($"listening on {EndPoints.Format(endPoint.Address)}{(endPoint.ImplicitTls ? " (implicit TLS)" : "")}");
        output.Flush();
    }

    public static void FirstAccount(TextWriter output, NewAccount account, IReadOnlyList<FtpEndPoint> bound, FtpTlsPolicy policy, string? certificateFile)
    {
        output.WriteLine($"made the account {account.Name} with the password {account.Password} (shown this once; zeroftp user passwd changes it)");
        if (bound.OrderBy(endPoint => endPoint.ImplicitTls).FirstOrDefault() is { } first)
            output.WriteLine("try: " + CurlLine(account, first, policy, certificateFile));
        output.Flush();
    }

    private static string CurlLine(NewAccount account, FtpEndPoint endPoint, FtpTlsPolicy policy, string? certificateFile)
    {
        IPAddress address = endPoint.Address.Address;
        string host = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : address.ToString();
        string authority = new IPEndPoint(IPAddress.Parse(host), endPoint.Address.Port).ToString();
        // The whole path, quoted: the line is pasted into a shell that may stand elsewhere.
        string trust = certificateFile is null ? "" : $" --cacert '{Path.GetFullPath(certificateFile)}'";
        string tls = endPoint.ImplicitTls ? trust : policy == FtpTlsPolicy.Off ? "" : " --ssl-reqd" + trust;
        return $"curl{tls} --user {account.Name}:{account.Password} {(endPoint.ImplicitTls ? "ftps" : "ftp")}://{authority}/";
    }
}
