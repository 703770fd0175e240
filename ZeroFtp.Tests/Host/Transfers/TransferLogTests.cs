using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Host.Transfers;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Host.Transfers;

public sealed class TransferLogTests : IDisposable
{
    private static readonly TransferRecord Upload = new()
    {
        EndedAt = new DateTimeOffset(2026, 3, 4, 8, 12, 30, TimeSpan.Zero),
        Duration = TimeSpan.FromMilliseconds(1250),
        SessionId = 7,
        RemoteHost = "192.0.2.1",
        User = "alice",
        Verb = "STOR",
        Direction = TransferDirection.Upload,
        Path = "/a b.bin",
        Bytes = 1234,
        IsComplete = true,
        IsEncrypted = true,
    };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Xferlog_has_its_fields_in_their_order()
    {
        Assert.Equal("Wed Mar  4 08:12:30 2026 2 192.0.2.1 1234 /a_b.bin b _ i r alice ftp 0 * c\n", Xferlog(Upload));
        TransferRecord broken = Upload with { Direction = TransferDirection.Download, Verb = "RETR", IsComplete = false, IsAscii = true, IsAnonymous = true, User = "anonymous" };
        Assert.Equal("Wed Mar  4 08:12:30 2026 2 192.0.2.1 1234 /a_b.bin a _ o a anonymous ftp 0 * i\n", Xferlog(broken));
    }

    [Theory]
    [InlineData(FtpUploadEnd.None, '_', null)]
    [InlineData(FtpUploadEnd.Closed, 'd', "closed")]
    [InlineData(FtpUploadEnd.CloseNotify, 'n', "closeNotify")]
    [InlineData(FtpUploadEnd.WithoutCloseNotify, 't', "withoutCloseNotify")]
    [InlineData(FtpUploadEnd.ControlFirst, 'k', "controlFirst")]
    [InlineData(FtpUploadEnd.Reset, 'r', "reset")]
    public void Both_formats_say_how_an_upload_ended(FtpUploadEnd end, char flag, string? word)
    {
        Assert.Equal($"Wed Mar  4 08:12:30 2026 2 192.0.2.1 1234 /a_b.bin b {flag} i r alice ftp 0 * c\n", Xferlog(Upload with { UploadEnd = end }));
        bool isTold = JsonDocument.Parse(Json(Upload with { UploadEnd = end })).RootElement.TryGetProperty("end", out JsonElement told);
        Assert.Equal(word, isTold ? told.GetString() : null);
    }

    [Theory]
    [InlineData("/a\r\nWed Mar  4 forged")]
    [InlineData("/a\u2028b\u001b[2J")]
    public void A_name_cannot_forge_a_line(string path)
    {
        Assert.Equal(18, Xferlog(Upload with { Path = path }).TrimEnd('\n').Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        string json = Json(Upload with { Path = path });
        Assert.DoesNotContain(json.TrimEnd('\n'), char.IsControl);
        Assert.Equal(path, JsonDocument.Parse(json).RootElement.GetProperty("path").GetString());
    }

    [Fact]
    public void Json_lines_have_all_facts()
    {
        const string Expected = """
            {"time":"2026-03-04T08:12:30Z","session":7,"remote":"192.0.2.1","user":"alice","verb":"STOR","direction":"upload","path":"/a b.bin","bytes":1234,"seconds":1.25,"outcome":"complete","type":"binary","tls":true}
            """;
        Assert.Equal(Expected + "\n", Json(Upload));
        Assert.Contains("\"bytes\":1234,\"fileBytes\":99000,\"seconds\":1.25,\"outcome\":\"complete\",\"type\":\"binary\",\"mode\":\"Z\",", Json(Upload with { FileBytes = 99_000, IsCompressed = true }), StringComparison.Ordinal);
        Assert.Equal(Expected + "\n", Json(Upload with { FileBytes = 1234 }));
        Assert.Contains("\"outcome\":\"426\",\"type\":\"ascii\",\"partial\":true,", Json(Upload with { IsComplete = false, Failure = "426", IsAscii = true, IsPartial = true }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_and_its_directory_are_their_owners_whatever_the_umask()
    {
        string path = Path.Combine(_directory.Path, "sub", "transfers.log");
        await using (TransferLog log = Open(new TransferLogSettings { File = path }))
            log.Add(Upload);

        Assert.True(File.Exists(path));
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Records_of_many_sessions_reach_the_file_whole()
    {
        string path = Path.Combine(_directory.Path, "sub", "transfers.log");
        await using (TransferLog log = Open(new TransferLogSettings { File = path }))
            Parallel.For(0, 500, number => log.Add(Upload with { SessionId = number }));

        IEnumerable<long> sessions = File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("session").GetInt64());
        Assert.Equal(Enumerable.Range(0, 500).Select(number => (long)number), sessions.Order());
    }

    [Fact]
    public void A_full_file_is_shifted_and_the_oldest_goes()
    {
        string path = Path.Combine(_directory.Path, "transfers.log");
        TransferLogSettings settings = new() { File = path, MaxBytes = 10, Keep = 2 };
        using (TransferLogFile file = new(settings, TimeZoneInfo.Utc))
        {
            for (int number = 1; number <= 4; number++)
            {
                file.Add(Upload with { SessionId = number });
                file.Flush();
            }
        }

        Assert.Equal([4, 3, 2], new[] { path, path + ".1", path + ".2" }.Select(SessionIn));
        Assert.False(File.Exists(path + ".3"));
    }

    [Fact]
    public async Task After_a_reopen_lines_go_to_the_file_of_that_name()
    {
        string path = Path.Combine(_directory.Path, "transfers.log");
        TransferLogSettings settings = new() { File = path, MaxBytes = 0 };
        await using (TransferLog log = Open(settings))
            log.Add(Upload with { SessionId = 1 });
        await using (TransferLog log = Open(settings))
        {
            File.Move(path, path + ".moved");
            log.Reopen(settings with { Format = TransferLogFormat.Xferlog });
            log.Add(Upload with { SessionId = 2 });
        }

        Assert.Equal(1, SessionIn(path + ".moved"));
        Assert.StartsWith("Wed Mar  4", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_is_counted()
    {
        string file = Path.Combine(_directory.Path, "file");
        File.WriteAllText(file, "");
        TransferLog log = Open(new TransferLogSettings { File = Path.Combine(file, "below-a-file.log") });
        log.Add(Upload);
        await log.DisposeAsync();

        Assert.Equal(1, log.Lost);
    }

    [Fact]
    public async Task A_data_directory_that_is_gone_is_not_made_again_for_the_log_in_it()
    {
        string data = Path.Combine(_directory.Path, "data");
        TransferLogSettings settings = new() { File = Path.Combine(data, "log", "transfers.log"), DataDirectory = data };
        TransferLog log = Open(settings);
        log.Add(Upload);
        await log.DisposeAsync();
        Assert.Equal(1, log.Lost);
        Assert.False(Directory.Exists(data));

        Directory.CreateDirectory(data);
        await using (TransferLog next = Open(settings))
            next.Add(Upload);
        Assert.True(File.Exists(settings.File));
    }

    private static TransferLog Open(TransferLogSettings settings) => new(settings, TimeZoneInfo.Utc, NullLogger<TransferLog>.Instance);

    private static long SessionIn(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("session").GetInt64();

    private static string Xferlog(TransferRecord record) => Written(buffer => XferlogFormat.Write(buffer, record, TimeZoneInfo.Utc));

    private static string Json(TransferRecord record) => Written(buffer => JsonLineFormat.Write(buffer, record));

    private static string Written(Action<ArrayBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
