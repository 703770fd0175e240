using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Interop;

/// <summary>wget, ncftp and tnftp. ncftp and tnftp have no TLS, as Debian builds them.</summary>
public sealed class OtherClientTests(InteropServer server) : IClassFixture<InteropServer>, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wget_fetches_a_tree(bool isProtected)
    {
        // wget takes names of listings for parts of URLs and decodes them once too often.
        string tree = SampleTree.Make(_directory.Path, 40, withPercent: false);
        string name = isProtected ? "wget-tls" : "wget";
        await Client.RunAsync(
            _directory.Path, "lftp", "-c",
            $"set ftp:ssl-allow no; set cmd:fail-exit yes; open -u {InteropServer.User},{InteropServer.Password} ftp://127.0.0.1:{server.Port}; mirror -R '{tree}' {name}; bye");
        string into = Path.Combine(_directory.Path, "got");

        await Client.RunAsync(
            _directory.Path, "wget", "--no-verbose", "--recursive", "--no-host-directories", "--cut-dirs=1", "--level=9", "--tries=1", "--timeout=20", $"--ca-certificate={server.Certificate}",
            $"--user={InteropServer.User}", $"--password={InteropServer.Password}", "-P", into, $"{(isProtected ? "ftps" : "ftp")}://127.0.0.1:{server.Port}/{name}/");

        foreach (string listing in Directory.EnumerateFiles(into, ".listing", SearchOption.AllDirectories))
            File.Delete(listing);
        SampleTree.AssertSameTree(tree, into);
    }

    [Fact]
    public async Task Ncftp_puts_and_gets_a_tree()
    {
        string tree = SampleTree.Make(_directory.Path, 30);
        string[] login = ["-u", InteropServer.User, "-p", InteropServer.Password, "-P", $"{server.Port}", "-V"];

        await Client.RunAsync(_directory.Path, "ncftpput", [.. login, "-m", "-R", "127.0.0.1", "/ncftp", tree]);
        string into = Directory.CreateDirectory(Path.Combine(_directory.Path, "got")).FullName;
        await Client.RunAsync(_directory.Path, "ncftpget", [.. login, "-R", "127.0.0.1", into, "/ncftp/tree"]);

        SampleTree.AssertSameTree(tree, Path.Combine(into, "tree"));
    }

    [Fact]
    public async Task Tnftp_puts_and_gets()
    {
        string file = SampleTree.MakeFile(_directory.Path, "t.bin", 1_500_000);
        string script = $"user {InteropServer.User} {InteropServer.Password}\nbinary\nmkdir tn\ncd tn\nput t.bin\nget t.bin whole.bin\nls\nsize t.bin\nrename t.bin u.bin\ndelete u.bin\nquit\n";

        (int code, string output) = await Client.TryAsync(_directory.Path, script, "tnftp", "-n", "-v", "-P", $"{server.Port}", "127.0.0.1");

        Assert.True(code == 0, output);
        SampleTree.AssertSameFile(file, Path.Combine(_directory.Path, "whole.bin"));
        Assert.Contains("250 u.bin deleted.", output, StringComparison.Ordinal);
    }
}
