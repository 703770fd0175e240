using System.Buffers.Binary;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Commands;

/// <summary>A database with a damaged page ends a command with one line, whichever page it is.</summary>
public sealed class DamagedStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Database => Path.Combine(_directory.Path, "data", "metadata.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_damaged_page_ends_adding_an_account_with_one_line()
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "user", "add", "alice", "--generate-password", "--data", "data");
        Assert.Equal((0, ""), (code, errors));
        byte[] sound = await File.ReadAllBytesAsync(Database, TestContext.Current.CancellationToken);
        int pageLength = BinaryPrimitives.ReadUInt16BigEndian(sound.AsSpan(16));
        int refused = 0;
        for (int page = 1; page <= sound.Length / pageLength; page += 3)
        {
            Damage(sound, page, pageLength);
            (code, _, errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "user", "add", $"bob{page}", "--generate-password", "--data", "data");
            // A page that the command does not need does not hinder it.
            if (code == 0)
                continue;
            Assert.Equal(1, code);
            Assert.StartsWith("zeroftp: ", errors, StringComparison.Ordinal);
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            refused++;
        }
        Assert.True(refused >= 3, $"{refused} damaged pages were noticed.");
    }

    [Fact]
    public async Task A_server_does_not_start_over_a_damaged_database_and_says_why_without_a_stack_trace()
    {
        await ZeroFtpProgram.RunAsync(_directory.Path, null, "user", "add", "alice", "--generate-password", "--data", "data");
        byte[] sound = await File.ReadAllBytesAsync(Database, TestContext.Current.CancellationToken);
        Damage(sound, 1, BinaryPrimitives.ReadUInt16BigEndian(sound.AsSpan(16)));
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "serve", "--data", "data");
        Assert.Equal(1, code);
        Assert.Contains("damaged", Assert.Single(errors.Split('\n'), static line => line.StartsWith("zeroftp: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private void Damage(byte[] sound, int page, int pageLength)
    {
        byte[] bytes = [.. sound];
        new Random(page).NextBytes(bytes.AsSpan((page - 1) * pageLength, pageLength));
        foreach (string file in (string[])["-wal", "-shm"])
            File.Delete(Database + file);
        File.WriteAllBytes(Database, bytes);
    }
}
