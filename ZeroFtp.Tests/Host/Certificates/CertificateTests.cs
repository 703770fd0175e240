using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Host.Certificates;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Certificates;

public sealed partial class CertificateTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_self_signed_certificate_is_made_once_for_its_owner_only_and_bears_the_names()
    {
        SelfSignedCertificate selfSigned = SelfSigned("localhost", "127.0.0.1", "ftp.example.org");

        Assert.True(selfSigned.Ensure());
        Assert.False(selfSigned.Ensure());

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(selfSigned.Files.Certificate));
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(selfSigned.PublicFile), StringComparison.Ordinal);
        using X509Certificate2 leaf = CertificateLoader.Load(selfSigned.Files).Leaf;
        Assert.True(leaf.HasPrivateKey);
        Assert.All(["localhost", "127.0.0.1", "ftp.example.org"], name => Assert.True(leaf.MatchesHostname(name)));
        Assert.False(leaf.MatchesHostname("other.example.org"));
    }

    [Fact]
    public void The_self_signed_certificate_is_renewed_near_its_end_and_for_a_new_name()
    {
        SelfSigned("localhost").Ensure();
        _time.Advance(TimeSpan.FromDays(334));
        Assert.False(SelfSigned("localhost").Ensure());

        Assert.True(SelfSigned("localhost", "more.example.org").Ensure());

        _time.Advance(TimeSpan.FromDays(336));
        Assert.True(SelfSigned("localhost").Ensure());
    }

    [Fact]
    public void A_self_signed_certificate_that_begins_in_the_future_is_made_again()
    {
        SelfSigned("localhost").Ensure();
        _time.SetUtcNow(_time.GetUtcNow().AddYears(1));
        SelfSignedCertificate ahead = new(Path.Combine(_directory.Path, "ahead"), ["localhost"], _time);
        ahead.Ensure();
        FakeTimeProvider right = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.True(new SelfSignedCertificate(Path.Combine(_directory.Path, "ahead"), ["localhost"], right).Ensure());
        Assert.False(new SelfSignedCertificate(Path.Combine(_directory.Path, "tls"), ["localhost"], right).Ensure());
    }

    [Fact]
    public async Task A_file_that_does_not_answer_delays_one_handshake_and_the_old_certificate_stays()
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        CertificateFiles files = WritePem("first", "site");
        CertificateStore store = Store(new TlsSettings { Default = files });
        SslServerAuthenticationOptions? before = Find(store, null);
        File.Delete(files.Certificate);
        Assert.Equal(0, MakeFifo(files.Certificate, 384));
        _time.Advance(CertificateSlot.CheckInterval);

        Task<SslServerAuthenticationOptions?> first = store.FindAsync(null, cancelled).AsTask();
        Assert.False(first.IsCompleted);
        _time.Advance(CertificateSlot.Patience);
        Assert.Same(before, await first.WithinAsync("the handshake that waited"));

        _time.Advance(CertificateSlot.CheckInterval);
        ValueTask<SslServerAuthenticationOptions?> next = store.FindAsync(null, cancelled);
        Assert.True(next.IsCompleted);
        Assert.Same(before, await next);

        // Whoever reads the FIFO gets an end without a certificate, so the thread comes to its end.
        await using (new FileStream(files.Certificate, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
        }
    }

    [Fact]
    public void A_data_directory_that_is_gone_is_not_made_again_for_a_certificate()
    {
        string data = Path.Combine(_directory.Path, "data");
        SelfSignedCertificate certificate = new(Path.Combine(data, "tls"), ["localhost"], _time, makesParents: false);
        Assert.Throws<CertificateException>(() => certificate.Ensure());
        Assert.False(Directory.Exists(data));
        Directory.CreateDirectory(data);
        Assert.True(certificate.Ensure());
    }

    [Fact]
    public void A_running_server_renews_its_self_signed_certificate()
    {
        CertificateStore store = Store(new TlsSettings());
        string before = LeafFor(store, null).Thumbprint;

        _time.Advance(TimeSpan.FromDays(340));
        Assert.NotEqual(before, LeafFor(store, null).Thumbprint);
    }

    [Fact]
    public void A_certificate_is_taken_anew_when_its_files_change()
    {
        CertificateFiles files = WritePem("first", "site");
        CertificateStore store = Store(new TlsSettings { Default = files });
        SslServerAuthenticationOptions? before = Find(store, null);
        WritePem("second", "site");

        Assert.Same(before, Find(store, null));
        _time.Advance(CertificateSlot.CheckInterval);

        Assert.NotSame(before, Find(store, null));
        Assert.Equal("CN=second", LeafFor(store, null).Subject);
    }

    [Fact]
    public void While_new_files_do_not_fit_together_the_old_certificate_stays()
    {
        CertificateFiles files = WritePem("first", "site");
        CertificateStore store = Store(new TlsSettings { Default = files });
        SslServerAuthenticationOptions? before = Find(store, null);
        string oldKey = File.ReadAllText(files.Key!);
        WritePem("second", "site");
        string newKey = File.ReadAllText(files.Key!);
        File.WriteAllText(files.Key!, oldKey);

        _time.Advance(CertificateSlot.CheckInterval);
        Assert.Same(before, Find(store, null));

        File.WriteAllText(files.Key!, newKey);
        _time.Advance(CertificateSlot.CheckInterval);
        Assert.Equal("CN=second", LeafFor(store, null).Subject);
    }

    [Fact]
    public void The_name_asked_for_chooses_the_certificate()
    {
        CertificateStore store = Store(new TlsSettings
        {
            Default = WritePem("default", "default"),
            Names = new Dictionary<string, CertificateFiles> { ["ftp.example.org"] = WritePem("exact", "exact"), ["*.example.org"] = WritePem("wildcard", "wildcard") },
        });

        Assert.Equal("CN=exact", LeafFor(store, "FTP.example.org").Subject);
        Assert.Equal("CN=wildcard", LeafFor(store, "other.example.org").Subject);
        Assert.Equal("CN=default", LeafFor(store, "a.b.example.org").Subject);
        Assert.Equal("CN=default", LeafFor(store, "example.org").Subject);
        Assert.Equal("CN=default", LeafFor(store, null).Subject);
    }

    [Fact]
    public void Pkcs12_is_read_with_its_password_and_refused_with_another()
    {
        string path = Path.Combine(_directory.Path, "site.pfx");
        using X509Certificate2 certificate = Create("packed", out ECDsa key);
        key.Dispose();
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, "s3cret"));

        Assert.Equal("CN=packed", CertificateLoader.Load(new CertificateFiles(path, null, "s3cret")).Leaf.Subject);
        Assert.Throws<CertificateException>(() => CertificateLoader.Load(new CertificateFiles(path, null, "other")));
    }

    [Fact]
    public void A_key_under_a_password_is_read()
    {
        using X509Certificate2 certificate = Create("locked", out ECDsa key);
        string path = Path.Combine(_directory.Path, "locked.pem");
        PbeParameters parameters = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportEncryptedPkcs8PrivateKeyPem("s3cret", parameters));
        key.Dispose();

        Assert.True(CertificateLoader.Load(new CertificateFiles(path, null, "s3cret")).Leaf.HasPrivateKey);
        Assert.Throws<CertificateException>(() => CertificateLoader.Load(new CertificateFiles(path)));
    }

    [Fact]
    public void A_certificate_without_files_or_key_stops_the_start()
    {
        CertificateFiles files = WritePem("first", "site");

        Assert.Throws<CertificateException>(() => Store(new TlsSettings { Default = files with { Key = null } }));
        Assert.Throws<CertificateException>(() => Store(new TlsSettings { Default = new CertificateFiles(Path.Combine(_directory.Path, "none.pem")) }));
    }

    [Fact]
    public void Client_certificates_are_held_against_the_authorities()
    {
        CertificateFiles trusted = WritePem("client", "client");
        ClientCertificateCheck check = new(new TlsSettings { ClientCertificates = ClientCertificates.Required, ClientAuthorities = trusted.Certificate });
        using X509Certificate2 good = X509CertificateLoader.LoadCertificateFromFile(trusted.Certificate);
        using X509Certificate2 stranger = Create("client", out ECDsa key);
        key.Dispose();

        Assert.True(check.IsAcceptable(this, good, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(check.IsAcceptable(this, stranger, null, SslPolicyErrors.None));
        Assert.False(check.IsAcceptable(this, null, null, SslPolicyErrors.RemoteCertificateNotAvailable));
    }

    private static X509Certificate2 LeafFor(CertificateStore store, string? serverName) => Find(store, serverName)!.ServerCertificateContext!.TargetCertificate;

    private static SslServerAuthenticationOptions? Find(CertificateStore store, string? serverName) =>
        store.FindAsync(serverName, TestContext.Current.CancellationToken).AsTask().WithinAsync("the certificate").GetAwaiter().GetResult();

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);

    private SelfSignedCertificate SelfSigned(params string[] names) => new(Path.Combine(_directory.Path, "tls"), names, _time);

    private CertificateStore Store(TlsSettings settings) => new(settings, SelfSigned("localhost"), _time, NullLogger<CertificateStore>.Instance);

    private CertificateFiles WritePem(string subject, string name)
    {
        CertificateFiles files = new(Path.Combine(_directory.Path, name + ".pem"), Path.Combine(_directory.Path, name + ".key"));
        using X509Certificate2 certificate = Create(subject, out ECDsa key);
        // the length differs with the subject's, so that the stamp does even on a file system with coarse times
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem() + new string('\n', subject.Length));
        File.WriteAllText(files.Key!, key.ExportPkcs8PrivateKeyPem());
        key.Dispose();
        return files;
    }

    private static X509Certificate2 Create(string subject, out ECDsa key)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={subject}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
    }
}
