using System.Text.Json;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Commands;

/// <summary>The commands about accounts, run as a person would run them.</summary>
public sealed class UserCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_account_is_added_changed_listed_and_removed()
    {
        await RunAsync("s3cret\n", "user", "add", "alice", "--password-stdin", "--admin", "--quota", "10MiB");
        await RunAsync(null, "user", "set", "alice", "--read-only", "--admin", "false", "--allow-from", "10.0.0.0/8", "--rule", "/in=write,makeDirectory", "--max-sessions", "3");

        JsonElement listed = JsonDocument.Parse(await RunAsync(null, "user", "list", "--json")).RootElement;
        Assert.Equal("alice", listed.GetProperty("name").GetString());
        Assert.Equal("readOnly", listed.GetProperty("permissions").GetString());
        Assert.False(listed.GetProperty("administrator").GetBoolean());
        Assert.Equal("10.0.0.0/8", listed.GetProperty("allowFrom")[0].GetString());
        Assert.Equal("write,makeDirectory", listed.GetProperty("rules")[0].GetProperty("permissions").GetString());
        Assert.Equal(10 << 20, listed.GetProperty("quotaBytes").GetInt64());
        Assert.Equal(3, listed.GetProperty("maxSessions").GetInt32());

        await RunAsync(null, "user", "remove", "alice");
        Assert.Equal("", await RunAsync(null, "user", "list"));
    }

    [Fact]
    public async Task The_list_is_a_table_and_one_account_is_shown_whole()
    {
        string added = await RunAsync(null, "user", "add", "alice", "--generate-password", "--quota", "10MiB", "--json");
        Assert.Equal(20, JsonDocument.Parse(added).RootElement.GetProperty("password").GetString()!.Length);
        await RunAsync(null, "user", "add", "bob-with-a-long-name", "--no-password", "--read-only", "--enabled", "false");

        Assert.Equal(
            """
            NAME                  HOME                   PERMISSIONS  USED  QUOTA  FILES  NOTES
            alice                 /alice                 all          0 B   10MiB  0
            bob-with-a-long-name  /bob-with-a-long-name  readOnly     0 B   -      0      disabled, no password
            """,
            await RunAsync(null, "user", "list"));
        string shown = await RunAsync(null, "user", "show", "alice");
        Assert.Contains("\nbytes:                  0 of 10485760\n", shown, StringComparison.Ordinal);
        Assert.Contains("\nallowed from:           everywhere\n", shown, StringComparison.Ordinal);
        Assert.Equal(
            "alice", JsonDocument.Parse(await RunAsync(null, "user", "show", "alice", "--json")).RootElement.GetProperty("name").GetString());
        Assert.Equal("zeroftp: there is no account carol; zeroftp user list shows those that exist", await FailAsync(null, "user", "show", "carol"));
    }

    [Fact]
    public async Task A_name_that_is_taken_or_unknown_is_refused()
    {
        await RunAsync("a\n", "user", "add", "alice", "--password-stdin");

        Assert.Equal("zeroftp: the account alice exists already; zeroftp user set changes it", await FailAsync("b\n", "user", "add", "alice", "--password-stdin"));
        Assert.Equal("zeroftp: there is no account bob; zeroftp user list shows those that exist", await FailAsync("b\n", "user", "passwd", "bob", "--password-stdin"));
        Assert.Equal("zeroftp: there is no account bob; zeroftp user list shows those that exist", await FailAsync(null, "user", "set", "bob", "--admin"));
        Assert.Equal("zeroftp: there is no account bob; zeroftp user list shows those that exist", await FailAsync(null, "user", "remove", "bob"));
    }

    [Fact]
    public async Task A_password_is_needed_and_never_an_argument()
    {
        Assert.StartsWith("zeroftp: give the password with --password-stdin", await FailAsync(null, "user", "add", "alice"), StringComparison.Ordinal);
        Assert.Equal("zeroftp: standard input holds no password", await FailAsync("\n", "user", "add", "alice", "--password-stdin"));
        Assert.Contains("password: ", await RunAsync(null, "user", "add", "alice", "--generate-password"), StringComparison.Ordinal);
        await RunAsync(null, "user", "add", "anonymous", "--no-password", "--read-only");
    }

    [Theory]
    [InlineData("--quota", "lots")]
    [InlineData("--expires", "soon")]
    [InlineData("--permissions", "list,fly")]
    [InlineData("--rule", "nothing")]
    [InlineData("--allow-from", "nowhere")]
    public async Task What_an_account_cannot_be_is_refused_in_a_plain_line(string option, string value)
    {
        string errors = await FailAsync("a\n", "user", "add", "alice", "--password-stdin", option, value);

        Assert.StartsWith("zeroftp: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-sessions", "4294967297")]
    [InlineData("--max-sessions", "2147483648")]
    [InlineData("--read-only", "--permissions", "all")]
    [InlineData("--no-password")]
    [InlineData("--password-stdin")]
    [InlineData("--quota", "lots")]
    [InlineData("--home", "no/root")]
    public async Task No_password_is_printed_of_an_account_that_is_not_made(params string[] options)
    {
        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, "a\n", ["user", "add", "alice", "--generate-password", .. options]);

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("zeroftp: ", errors, StringComparison.Ordinal);
        Assert.Equal("", await RunAsync(null, "user", "list"));
    }

    private async Task<string> RunAsync(string? input, params string[] arguments)
    {
        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, input, arguments);
        Assert.Equal("", errors);
        Assert.Equal(0, code);
        return output;
    }

    private async Task<string> FailAsync(string? input, params string[] arguments)
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, input, arguments);
        Assert.Equal(1, code);
        return errors;
    }
}
