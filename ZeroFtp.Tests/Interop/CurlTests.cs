using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Interop;

public abstract class CurlTests(InteropServer server) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Kinds => ["clear", "explicit", "implicit", "active"];

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_large_file_comes_back_as_it_went(string kind)
    {
        string file = SampleTree.MakeFile(_directory.Path, "large.bin", 24_000_001);

        await CurlAsync(kind, "-T", file, Url(kind, $"{kind}/large file.bin"), "--ftp-create-dirs");
        await CurlAsync(kind, Url(kind, $"{kind}/large file.bin"), "-o", "back.bin");

        SampleTree.AssertSameFile(file, Path.Combine(_directory.Path, "back.bin"));
    }

    [Fact]
    public async Task Names_with_spaces_quotes_and_utf8_survive()
    {
        foreach (string name in (string[])["a b.txt", "say \"hello\".txt", "ünï 名前.txt", "it's.txt"])
        {
            string file = SampleTree.MakeFile(_directory.Path, "f", name.Length * 100);
            await CurlAsync("explicit", "-T", file, Url("explicit", name));
            await CurlAsync("explicit", Url("explicit", name), "-o", "back");
            SampleTree.AssertSameFile(file, Path.Combine(_directory.Path, "back"));
            Assert.Contains(name, await CurlAsync("explicit", Url("explicit", ""), "--list-only"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Interrupted_transfers_resume()
    {
        string file = SampleTree.MakeFile(_directory.Path, "whole.bin", 3_000_000);
        string part = Path.Combine(_directory.Path, "part.bin");
        File.WriteAllBytes(part, File.ReadAllBytes(file)[..1_000_000]);
        await CurlAsync("explicit", "-T", part, Url("explicit", "resumed.bin"));

        await CurlAsync("explicit", "-C", "-", "-T", file, Url("explicit", "resumed.bin"));
        await CurlAsync("explicit", "-C", "1000000", Url("explicit", "resumed.bin"), "-o", "part.bin");

        SampleTree.AssertSameFile(file, part);
    }

    [Fact]
    public async Task Commands_and_times_work()
    {
        string file = SampleTree.MakeFile(_directory.Path, "t.bin", 10);
        await CurlAsync("clear", "-T", file, Url("clear", "t.bin"), "-Q", "-MFMT 20200102030405 t.bin");
        string head = await CurlAsync("clear", "-I", Url("clear", "t.bin"));

        Assert.Contains("Content-Length: 10", head, StringComparison.Ordinal);
        Assert.Contains("Thu, 02 Jan 2020 03:04:05 GMT", head, StringComparison.Ordinal);
    }

    private string Url(string kind, string path) =>
        $"{(kind == "implicit" ? "ftps" : "ftp")}://127.0.0.1:{(kind == "implicit" ? server.ImplicitPort : server.Port)}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    private Task<string> CurlAsync(string kind, params string[] arguments)
    {
        List<string> all = ["--silent", "--show-error", "--user", $"{InteropServer.User}:{InteropServer.Password}", "--cacert", server.Certificate];
        if (kind == "explicit")
            all.Add("--ssl-reqd");
        if (kind == "active")
            all.AddRange(["--ftp-port", "127.0.0.1"]);
        return Client.RunAsync(_directory.Path, "curl", [.. all, .. arguments]);
    }
}
