using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Interop;

public abstract class LftpTests(InteropServer server) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Kinds => ["clear", "explicit", "implicit"];

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_tree_is_mirrored_there_and_back(string kind)
    {
        string tree = SampleTree.Make(_directory.Path, 150);

        await LftpAsync(kind, $"mirror -R --parallel=3 '{tree}' {kind}", $"mirror --parallel=3 {kind} '{_directory.Path}/back'");

        SampleTree.AssertSameTree(tree, Path.Combine(_directory.Path, "back"));
        Assert.True(Directory.Exists(Path.Combine(_directory.Path, "back", "empty")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Transfers_resume_in_both_directions(string kind)
    {
        string file = SampleTree.MakeFile(_directory.Path, "whole.bin", 2_000_000);
        string part = Path.Combine(_directory.Path, "part.bin");
        File.WriteAllBytes(part, File.ReadAllBytes(file)[..700_000]);

        await LftpAsync(kind, $"put '{part}' -o r-{kind}.bin", $"put -c '{file}' -o r-{kind}.bin", $"get -c r-{kind}.bin -o '{part}'");

        SampleTree.AssertSameFile(file, part);
    }

    [Fact]
    public async Task A_second_mirror_moves_nothing_and_files_are_renamed_changed_and_removed()
    {
        string tree = SampleTree.Make(_directory.Path, 20);

        await LftpAsync("explicit", $"mirror -R '{tree}' again");
        string second = await LftpAsync("explicit", $"mirror -R --verbose '{tree}' again", "mkdir made", "mv made moved", "chmod 700 moved", "ls", "rmdir moved", "rm -r again", "cls");

        Assert.DoesNotContain("Transferring file", second, StringComparison.Ordinal);
        Assert.Contains("drwx------", second, StringComparison.Ordinal);
    }

    private Task<string> LftpAsync(string kind, params string[] commands)
    {
        string url = kind == "implicit" ? $"ftps://127.0.0.1:{server.ImplicitPort}" : $"ftp://127.0.0.1:{server.Port}";
        string script = $"set ssl:ca-file '{server.Certificate}'; set ssl:check-hostname no; set net:max-retries 1; set net:timeout 20; set cmd:fail-exit yes; "
            + $"set ftp:ssl-force {(kind == "clear" ? "no" : "yes")}; set ftp:ssl-allow {(kind == "clear" ? "no" : "yes")}; set ftp:ssl-protect-data yes; "
            + $"open -u {InteropServer.User},{InteropServer.Password} {url}; {string.Join("; ", commands)}; bye";
        return Client.RunAsync(_directory.Path, "lftp", "-c", script);
    }
}
