using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Commands;

/// <summary>The command line as a person meets it who has never seen it: help where nothing was asked for, and one line for each mistake.</summary>
public sealed class ProgramCommandsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Without_a_command_the_program_shows_help_and_creates_nothing()
    {
        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null);

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("zeroftp serve", output, StringComparison.Ordinal);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Theory]
    [InlineData("zeroftp: unknown command 'srve'; did you mean serve? See zeroftp --help", "srve")]
    [InlineData("zeroftp: unknown option --lisen; did you mean --listen? See zeroftp serve --help", "serve", "--lisen", "127.0.0.1:0")]
    [InlineData("zeroftp: unknown option --listen; did you mean zeroftp serve --listen? See zeroftp --help", "--listen", "127.0.0.1:0")]
    [InlineData("zeroftp: --data needs a value (DIR). See zeroftp serve --help", "serve", "--data")]
    [InlineData("zeroftp: add needs NAME. See zeroftp user add --help", "user", "add")]
    [InlineData("zeroftp: unexpected argument 'bob'. See zeroftp user list --help", "user", "list", "bob")]
    [InlineData("zeroftp: user needs a command: add, list, passwd, remove, set, show. See zeroftp user --help", "user")]
    public async Task A_mistake_is_one_line_without_the_help_text(string expected, params string[] arguments)
    {
        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, arguments);

        Assert.Equal((1, ""), (code, output));
        Assert.Equal(expected, errors.Split('\n')[0]);
        Assert.Single(errors.Split('\n'));
    }

    [Theory]
    [InlineData("serve", "--listen", "127.0.0.1:0")]
    [InlineData("config", "check")]
    [InlineData("user", "add", "alice", "--generate-password")]
    public async Task A_data_directory_that_is_a_file_is_named_with_its_key(params string[] command)
    {
        File.WriteAllText(Path.Combine(_directory.Path, "file"), "");

        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, [.. command, "--data", "file"]);

        Assert.Equal(1, code);
        Assert.Equal("zeroftp: data: file is a file, not a directory; name a directory, or one that can be created (from --data)", errors);
    }
}
