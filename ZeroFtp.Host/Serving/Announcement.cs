using System.Net;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Protocol.Options;

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

    public static void CreatedAccount(TextWriter output, NewAccount account, IReadOnlyList<FtpEndPoint> bound, FtpTlsPolicy policy, string? certificateFile)
    {
        output.WriteLine($"created the account {account.Name} with the password {account.Password} (shown this once; zeroftp user passwd changes it)");
        if (bound.OrderBy(endPoint => endPoint.ImplicitTls).FirstOrDefault() is { } first)
            output.WriteLine("try: " + CurlLine(account, first, policy, certificateFile));
        output.Flush();
    }

    /// <param name="output">Where to.</param>
    /// <param name="names">The first names, at most two.</param>
    /// <param name="options">The options by which other commands find the same store.</param>
    public static void ExistingAccounts(TextWriter output, IReadOnlyList<string> names, string options)
    {
        if (names.Count == 0)
            return;
        string who = names.Count == 1 ? $"the account {names[0]} exists" : "accounts exist";
        output.WriteLine($"{who}; zeroftp user passwd {(names.Count == 1 ? names[0] : "NAME")}{options} sets a new password{(names.Count == 1 ? "" : $", zeroftp user list{options} lists them")}");
        output.Flush();
    }

    /// <summary>Uploads a file and lists the directory in one command, so that something is to be seen.</summary>
    private static string CurlLine(NewAccount account, FtpEndPoint endPoint, FtpTlsPolicy policy, string? certificateFile)
    {
        IPAddress address = endPoint.Address.Address;
        string host = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : address.ToString();
        string root = $"{(endPoint.ImplicitTls ? "ftps" : "ftp")}://{new IPEndPoint(IPAddress.Parse(host), endPoint.Address.Port)}/";
        // The whole path, quoted: the line is pasted into a shell that may be in another directory.
        string trust = certificateFile is null ? "" : $" --cacert '{Path.GetFullPath(certificateFile)}'";
        string tls = endPoint.ImplicitTls ? trust : policy == FtpTlsPolicy.Off ? "" : " --ssl-reqd" + trust;
        return $"echo hello | curl -sS{tls} --user {account.Name}:{account.Password} -T - {root}hello.txt {root}";
    }
}
