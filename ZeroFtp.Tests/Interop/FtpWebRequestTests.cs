#pragma warning disable SYSLIB0014 // It is obsolete, and what scripts and services in .NET have used for twenty years: that is why it is here.
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ZeroFtp.Tests.Interop;

/// <summary>The client of .NET itself. It logs in before AUTH TLS, never ends TLS on data connections, and keeps connections for later requests.</summary>
public sealed class FtpWebRequestTests(InteropServer server) : IClassFixture<InteropServer>
{
    /// <summary>Clear or under TLS; passive or active.</summary>
    public static TheoryData<bool, bool> Ways => new() { { false, true }, { false, false }, { true, true }, { true, false } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_method_works(bool tls, bool passive)
    {
        using CertificateTrust trust = new(server.Certificate);
        string directory = $"web {tls} {passive}";
        byte[] content = new byte[1_000_001];
        new Random(7).NextBytes(content);
        // It asks for sizes without TYPE I, and in TYPE A each LF counts as the two octets that would be sent (RFC 3659 section 4).
        content.AsSpan().Replace((byte)'\n', (byte)'\t');

        await TalkAsync(WebRequestMethods.Ftp.MakeDirectory, directory);
        Assert.Equal(FtpStatusCode.ClosingData, (await TalkAsync(WebRequestMethods.Ftp.UploadFile, $"{directory}/a b.bin", content)).Status);
        Assert.Equal(content, (await TalkAsync(WebRequestMethods.Ftp.DownloadFile, $"{directory}/a b.bin")).Octets);
        Assert.Equal(content[600_000..], (await TalkAsync(WebRequestMethods.Ftp.DownloadFile, $"{directory}/a b.bin", change: request => request.ContentOffset = 600_000)).Octets);
        await TalkAsync(WebRequestMethods.Ftp.AppendFile, $"{directory}/a b.bin", [1, 2, 3]);
        Assert.Equal(content.Length + 3, (await TalkAsync(WebRequestMethods.Ftp.GetFileSize, $"{directory}/a b.bin")).Length);
        Assert.InRange((await TalkAsync(WebRequestMethods.Ftp.GetDateTimestamp, $"{directory}/a b.bin")).Modified, DateTime.Now.AddMinutes(-10), DateTime.Now.AddMinutes(10));
        await TalkAsync(WebRequestMethods.Ftp.Rename, $"{directory}/a b.bin", change: static request => request.RenameTo = "ü.bin");
        await TalkAsync(WebRequestMethods.Ftp.UploadFileWithUniqueName, directory + "/", [4]);
        string[] names = (await TalkAsync(WebRequestMethods.Ftp.ListDirectory, directory)).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, names.Length);
        Assert.Contains(names, static name => name.EndsWith("ü.bin", StringComparison.Ordinal));
        Assert.Contains($" {content.Length + 3} ", (await TalkAsync(WebRequestMethods.Ftp.ListDirectoryDetails, directory)).Text, StringComparison.Ordinal);
        Assert.Contains("\"/", (await TalkAsync(WebRequestMethods.Ftp.PrintWorkingDirectory, directory)).Description, StringComparison.Ordinal);
        foreach (string name in names)
            await TalkAsync(WebRequestMethods.Ftp.DeleteFile, $"{directory}/{name.Split('/')[^1]}");
        await TalkAsync(WebRequestMethods.Ftp.RemoveDirectory, directory);

        Task<Answer> TalkAsync(string method, string path, byte[]? upload = null, Action<FtpWebRequest>? change = null) => AskAsync(method, path, tls, passive, upload, change);
    }

    [Fact]
    public async Task What_is_not_there_is_told_by_550()
    {
        WebException error = await Assert.ThrowsAsync<WebException>(() => AskAsync(WebRequestMethods.Ftp.DownloadFile, "nowhere", tls: false, passive: true, null, null));

        Assert.Equal(FtpStatusCode.ActionNotTakenFileUnavailable, Assert.IsType<FtpWebResponse>(error.Response).StatusCode);
    }

    private async Task<Answer> AskAsync(string method, string path, bool tls, bool passive, byte[]? upload, Action<FtpWebRequest>? change)
    {
        FtpWebRequest request = (FtpWebRequest)WebRequest.Create(new Uri($"ftp://127.0.0.1:{server.Port}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}"));
        (request.Method, request.Credentials, request.EnableSsl, request.UsePassive, request.Timeout) = (method, new NetworkCredential(InteropServer.User, InteropServer.Password), tls, passive, 30_000);
        change?.Invoke(request);
        if (upload is not null)
        {
            await using Stream stream = await request.GetRequestStreamAsync();
            await stream.WriteAsync(upload, TestContext.Current.CancellationToken);
        }
        using FtpWebResponse response = (FtpWebResponse)await request.GetResponseAsync();
        using MemoryStream octets = new();
        await response.GetResponseStream().CopyToAsync(octets, TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, response.StatusDescription ?? "", response.ContentLength, response.LastModified, octets.ToArray());
    }

    private sealed record Answer(FtpStatusCode Status, string Description, long Length, DateTime Modified, byte[] Octets)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Octets);
    }

    /// <summary>Trusts one certificate, as this client can be told for the whole process only.</summary>
    private sealed class CertificateTrust : IDisposable
    {
        private readonly X509Certificate2 _certificate;

        public CertificateTrust(string file)
        {
            _certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            ServicePointManager.ServerCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetCertHashString() == _certificate.GetCertHashString();
        }

        public void Dispose()
        {
            ServicePointManager.ServerCertificateValidationCallback = null;
            _certificate.Dispose();
        }
    }
}
