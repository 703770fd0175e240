using ZeroFtp.Tests.Faults.Torture;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>One client of a history over FTP. It does one thing after another to a few names, at whatever front-end it finds.</summary>
internal sealed class HistoryClient(TortureSession session, HistoryRecorder recorder, string root, int client, Random random)
{
    // Small sets meet often. A directory is a name like the others, and what is in it goes where it goes.
    private static readonly string[] Names = ["a", "b", "a/f", "b/f", "c"];

    private int _marks;

    public static IReadOnlyList<string> AllNames => Names;

    public async Task RunAsync(int operations, CancellationToken stop)
    {
        for (int i = 0; i < operations && !stop.IsCancellationRequested; i++)
            await StepAsync();
    }

    public Task<HistoryEnd> ReadAsync(string path) => RecordAsync(HistoryVerb.Read, path, "");

    public Task<HistoryEnd> ListAsync() => RecordAsync(HistoryVerb.List, "", "");

    private Task StepAsync()
    {
        string path = Names[random.Next(Names.Length)];
        return random.Next(20) switch
        {
            < 4 => RecordAsync(HistoryVerb.Store, path, NewMark()),
            < 6 => RecordAsync(HistoryVerb.Append, path, NewMark()),
            < 10 => RecordAsync(HistoryVerb.Rename, path, Names[random.Next(Names.Length)]),
            < 12 => RecordAsync(HistoryVerb.Delete, path, ""),
            < 14 => RecordAsync(HistoryVerb.Make, path, ""),
            < 15 => RecordAsync(HistoryVerb.Remove, path, ""),
            < 16 => ListAsync(),
            // The rename that everybody does, as those do who claim work by it.
            < 17 => RecordAsync(HistoryVerb.Rename, "a", "c"),
            _ => ReadAsync(path),
        };
    }

    private string NewMark() => $"[{client}.{_marks++}]";

    private async Task<HistoryEnd> RecordAsync(HistoryVerb verb, string path, string value)
    {
        if (verb == HistoryVerb.Rename && path == value)
            return HistoryEnd.Refused;
        return await recorder.RunAsync(new HistoryOperation { Client = client, Verb = verb, Path = path, Value = value }, RunAsync);
    }

    private async Task<(HistoryEnd End, string? Seen)> RunAsync(HistoryOperation operation)
    {
        string path = $"{root}/{operation.Path}";
        switch (operation.Verb)
        {
            case HistoryVerb.Read:
                (string? code, byte[] bytes) = await session.DownloadAsync("RETR", path);
                return (EndOf(code), EndOf(code) == HistoryEnd.Done ? HistoryContent.Read(bytes) : null);
            case HistoryVerb.List:
                (code, bytes) = await session.DownloadAsync("NLST", root);
                return (EndOf(code), string.Join(" ", System.Text.Encoding.UTF8.GetString(bytes).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(static x => x[(x.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal)));
            case HistoryVerb.Store or HistoryVerb.Append:
                byte[] content = HistoryContent.Make(operation.Value, random.Next(4) == 0 ? random.Next(100_000, 300_000) : random.Next(1, 2_000));
                (_, code) = await session.UploadAsync(operation.Verb == HistoryVerb.Store ? "STOR" : "APPE", path, content);
                return (EndOf(code), null);
            case HistoryVerb.Rename:
                (_, code) = await session.CommandAsync("RNFR " + path, $"RNTO {root}/{operation.Value}");
                return (EndOf(code), null);
            default:
                return (EndOf(await session.CommandAsync($"{(operation.Verb == HistoryVerb.Delete ? "DELE" : operation.Verb == HistoryVerb.Make ? "MKD" : "RMD")} {path}")), null);
        }
    }

    private static HistoryEnd EndOf(string? code) => code?[0] switch
    {
        '2' => HistoryEnd.Done,
        '5' => HistoryEnd.Refused,
        _ => HistoryEnd.Unknown,
    };
}
