using System.Diagnostics;
using System.Globalization;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults;

/// <summary>Takes one part away, gives it back, slows it down, and makes rows of a table of what clients are told; checks what is there afterwards.</summary>
internal sealed class FaultMatrix(MatrixClient client)
{
    /// <summary>Rows of the table in the manual, without its head.</summary>
    public const string Head = "| what fails | when | STOR | RETR | APPE | LIST | RNFR/RNTO | DELE | all work again |\n|---|---|---|---|---|---|---|---|---|\n";

    private static readonly TimeSpan[] Classes = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(90)];

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Old = Octets.Make(200_000, 1);
    private static readonly byte[] Young = Octets.Make(2_000_000, 2);
    private static readonly byte[] Long = Octets.Make(16 << 20, 3);

    private readonly List<string> _rows = [];
    private TimeSpan _slowest;

    public string Rows => string.Concat(_rows);

    /// <summary>How long each recovery took, for whoever reads the log of the test.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>How many lines the long listing has.</summary>
    public required int Many { get; init; }

    /// <summary>Makes what the front-end remembers of the long listing stale, so that it reads the rows again.</summary>
    public required Func<Task> ForgetMany { get; init; }

    /// <summary>What all rows build on.</summary>
    public async Task PrepareAsync() => Assert.Equal("226", await client.SendAsync("STOR", "/long", Long));

    /// <summary>The rows of a part.</summary>
    public async Task AddAsync(FaultyPart part)
    {
        await SetUpAsync();
        await part.TakeAway();
        string[] replies = await EachAsync(null);
        await BringBackAsync(part);
        await AddRowAsync(part.Name, "is down", replies, "");
        _rows.Add($"| | comes back | 226 new | 226 | 226 new | 226 | 250 new | 250 new | {Within()} |\n");

        await SetUpAsync();
        replies = await EachAsync(part.TakeAway, () => BringBackAsync(part));
        await AddRowAsync("", "goes away in mid-transfer", replies, Within());

        await SetUpAsync();
        await part.SlowDown(Delay);
        replies = await EachAsync(null);
        await part.SlowDown(TimeSpan.Zero);
        await AddRowAsync("", "is slow", replies, "");
    }

    private async Task SetUpAsync()
    {
        foreach (string path in (string[])["/stor", "/appe", "/from", "/dele"])
            Assert.Equal("226", await client.SendAsync("STOR", path, Old));
        if (await client.ExistsAsync("/to"))
            Assert.Equal("250", await client.CodeAsync("DELE /to"));
    }

    // With nothing in the middle, the commands come one after the other while the part is as it is.
    private async Task<string[]> EachAsync(Func<Task>? midway, Func<Task>? after = null)
    {
        bool isMid = midway is not null;
        after ??= () => Task.CompletedTask;
        List<string> replies = [];
        await AddAsync(() => client.SendAsync("STOR", "/stor", Young, midway));
        await AddAsync(() => isMid ? client.RetrieveAsync("/long", Long, midway) : client.RetrieveAsync("/dele", Old));
        await AddAsync(() => client.SendAsync("APPE", "/appe", Young, midway));
        if (isMid)
            await ForgetMany();
        await AddAsync(() => isMid ? client.ListAsync(MatrixClient.Many, Many, midway) : client.ListAsync("/from", 1));
        await AddAsync(() => client.RenameAsync("/from", "/to", midway));
        if (!isMid)
            await AddAsync(() => client.CodeAsync("DELE /dele"));
        else
            replies.Add("–");
        return [.. replies];

        async Task AddAsync(Func<Task<string>> run)
        {
            replies.Add(await run());
            await after();
        }
    }

    // Every command has to work in the same session, without a new login.
    private async Task BringBackAsync(FaultyPart part)
    {
        await part.GiveBack();
        long began = Stopwatch.GetTimestamp();
        await DistributedCluster.UntilAsync(part.Name + " works again", async () =>
            await client.SendAsync("STOR", "/again", Old) == "226" && await client.RetrieveAsync("/again", Old) == "226" && await client.SendAsync("APPE", "/again", Old) == "226"
            && await client.ListAsync("/again", 1) == "226" && await client.RenameAsync("/again", "/again2") == "250" && await client.CodeAsync("DELE /again2") == "250");
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        Notes.Add(string.Create(CultureInfo.InvariantCulture, $"{part.Name}: works again after {took.TotalSeconds:F2} s"));
        if (took > _slowest)
            _slowest = took;
    }

    private string Within()
    {
        TimeSpan limit = Classes.First(c => _slowest <= c);
        _slowest = TimeSpan.Zero;
        return string.Create(CultureInfo.InvariantCulture, $"< {limit.TotalSeconds} s");
    }

    // What was answered with success is there; all else is as it was.
    private async Task AddRowAsync(string part, string when, string[] replies, string within)
    {
        string[] found =
        [
            await FindAsync("/stor", Young), "", await FindAsync("/appe", [.. Old, .. Young]), "",
            await client.ExistsAsync("/from") ? "old" : await FindAsync("/to", []) == "old" ? "new" : "lost",
            replies[5].Length < 3 ? "" : await client.ExistsAsync("/dele") ? "old" : "new",
        ];
        for (int i = 0; i < replies.Length; i++)
            Assert.True(found[i].Length == 0 || found[i] == (replies[i][0] == '2' ? "new" : "old"), $"{part} {when}: after {replies[i]} in column {i} the state is '{found[i]}'.");
        _rows.Add($"|{(part.Length > 0 ? $" {part} " : " ")}| {when} | {string.Join(" | ", replies.Zip(found, static (reply, state) => $"{reply} {state}".Trim()))} |{(within.Length > 0 ? $" {within} " : " ")}|\n");
    }

    private async Task<string> FindAsync(string path, byte[] young)
    {
        byte[] bytes = await client.ReadAsync(path);
        return bytes.AsSpan().SequenceEqual(Old) ? "old" : bytes.AsSpan().SequenceEqual(young) ? "new" : "broken";
    }
}
