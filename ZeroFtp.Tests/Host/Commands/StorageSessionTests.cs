using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Commands;

/// <summary>Which commands begin a store where there is none. The others would find nothing wrong in a directory that was mistyped.</summary>
public sealed class StorageSessionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "nodir");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("fsck")]
    [InlineData("gc")]
    [InlineData("scrub")]
    [InlineData("migrate", "--plan")]
    [InlineData("migrate")]
    [InlineData("user", "list")]
    [InlineData("user", "passwd", "alice", "--generate-password")]
    [InlineData("user", "remove", "alice")]
    [InlineData("user", "set", "alice", "--admin")]
    public async Task Without_a_store_a_command_refuses_and_makes_none(params string[] command)
    {
        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, [.. command, "--data", "nodir"]);

        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Equal($"zeroftp: there is no store in {Data}", errors);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_directory_without_a_database_is_no_store()
    {
        Directory.CreateDirectory(Data);

        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "fsck", "--data", "nodir");

        Assert.Equal(1, code);
        Assert.Equal($"zeroftp: there is no store in {Data}", errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Data));
    }

    [Theory]
    [InlineData("user", "add", "alice", "--generate-password")]
    [InlineData("migrate", "--apply")]
    public async Task A_command_that_may_begin_a_store_makes_one_that_the_others_take(params string[] command)
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, [.. command, "--data", "nodir"]);
        Assert.Equal("", errors);
        Assert.Equal(0, code);

        (code, string output, errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "fsck", "--data", "nodir");
        Assert.Equal("", errors);
        Assert.Equal(0, code);
        Assert.StartsWith("clean", output, StringComparison.Ordinal);
    }
}
