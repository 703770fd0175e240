using ZeroFtp.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>The checker finds what it is there for: mistakes that are planted between the driver and the metadata, in histories of which every step is given. Without the mistake the same history has an order.</summary>
public sealed class PlantedMistakeTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public Task A_rename_without_its_version_is_found() => FindsAsync(
        static (planted, between) => planted.Plant(nameof(IMetadataTree.RenameAsync), (inner, x) => Rename(inner, (FileRow)x[0]!, (long)x[1]!, (string)x[2]!, between)),
        static async (clients, arm) =>
        {
            await clients[0].StoreAsync("a", "[old]");
            arm(async () =>
            {
                await clients[1].RenameAsync("b", "a");
                await clients[1].StoreAsync("b", "[new]");
            });
            await clients[0].RenameAsync("a", "b");
        }, "[new]");

    [Fact]
    public Task A_retry_that_does_not_look_is_found() => FindsAsync(
        static (planted, between) => planted.Plant(nameof(IMetadataTree.CreateDirectoryAsync), (inner, x) => Make(inner, (long)x[0]!, (string)x[1]!, (int)x[2]!, (string)x[3]!, between)),
        static async (clients, arm) =>
        {
            arm(() => clients[1].RemoveAsync("d"));
            await clients[0].MakeAsync("d");
            // It would have to be gone.
            await clients[1].StoreAsync("d", "[file]");
            await clients[1].ReadAsync("d");
        }, "Make d");

    [Fact]
    public Task A_stale_path_is_found() => FindsAsync(
        static (planted, between) =>
        {
            Dictionary<string, Resolution> remembered = [];
            // What changes something resolves its path in the database; the mistake is to use what was remembered there too.
            planted.Plant(nameof(IMetadataTree.ResolveToChangeAsync), (inner, x) => Resolve(inner, (long)x[0]!, (ReadOnlyMemory<string>)x[1]!, remembered));
        },
        static async (clients, _) =>
        {
            await clients[0].MakeAsync("d");
            await clients[0].StoreAsync("d/f", "[one]");
            await clients[0].ReadAsync("d/f");
            await clients[1].RenameAsync("d", "e");
            await clients[1].MakeAsync("d");
            await clients[0].StoreAsync("d/g", "[two]");
            await clients[1].ReadAsync("e/g");
        }, "e/g");

    [Fact]
    public Task A_lost_row_of_the_journal_is_found() => FindsAsync(
        static (planted, between) => planted.Plant(nameof(IMetadataContent.PublishAsync), (inner, x) => inner.PublishAsync(WithoutLast((PublishRequest)x[0]!), None)),
        static async (clients, _) =>
        {
            await clients[0].StoreAsync("a", "[long]", 200_000);
            await clients[1].ReadAsync("a");
        }, "unreadable");

    // Runs the story twice: as it is, and with the mistake; the answer of a planted unit is lost once when the story has armed it, and what the story says happens before the unit is run again.
    private static async Task FindsAsync(Action<PlantedStore, Func<Task>> plant, Func<DriverSession[], Action<Func<Task>>, Task> story, string expected)
    {
        (HistoryVerdict verdict, _) = await TellAsync(static (_, _) => { }, story);
        Assert.True(verdict.IsExplained);
        (verdict, string text) = await TellAsync(plant, story);
        Assert.False(verdict.IsExplained);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage(text);
    }

    private static async Task<(HistoryVerdict Verdict, string Text)> TellAsync(Action<PlantedStore, Func<Task>> plant, Func<DriverSession[], Action<Func<Task>>, Task> story)
    {
        Func<Task>? armed = null;
        PlantedStore planted = null!;
        await using StorageHarness harness = await StorageHarness.OpenAsync(wrapMetadata: inner =>
        {
            (IMetadataStore store, planted) = PlantedStore.Over(inner);
            return store;
        });
        plant(planted, () => Interlocked.Exchange(ref armed, null)?.Invoke() ?? Task.CompletedTask);
        HistoryRecorder recorder = new();
        DriverSession[] clients = [.. Enumerable.Range(0, 2).Select(i => new DriverSession(harness.Login(), recorder, i))];
        await story(clients, act => armed = act);
        foreach (string path in (string[])["a", "b"])
            await clients[1].ReadAsync(path);
        return (HistoryChecker.Check(recorder.Operations, NameTree.Empty), HistoryShortener.Describe(recorder.Operations, NameTree.Empty));
    }

    private static async ValueTask<TreeResult> Rename(IMetadataStore inner, FileRow source, long directory, string name, Func<Task> between)
    {
        TreeResult first = await inner.RenameAsync(source, directory, name, None);
        await between();
        // Run again on whatever has the name now.
        Resolution now = await inner.ResolveAsync(source.Directory, new[] { source.Name }, None);
        return now.Found.Count == 1 ? await inner.RenameAsync(now.Found[0], directory, name, None) : first;
    }

    private static async ValueTask<TreeResult> Make(IMetadataStore inner, long directory, string name, int mode, string owner, Func<Task> between)
    {
        TreeResult first = await inner.CreateDirectoryAsync(directory, name, mode, owner, None);
        await between();
        TreeResult again = await inner.CreateDirectoryAsync(directory, name, mode, owner, None);
        return again.Outcome == Outcome.Done ? again : first;
    }

    private static async ValueTask<Resolution> Resolve(IMetadataStore inner, long directory, ReadOnlyMemory<string> names, Dictionary<string, Resolution> remembered)
    {
        string key = $"{directory}/{names.Span[0]}";
        if (names.Length == 1 || !remembered.TryGetValue(key, out Resolution old))
        {
            Resolution found = await inner.ResolveAsync(directory, names, None);
            if (names.Length > 1 && found.Found.Count > 0)
                remembered[key] = new Resolution([found.Found[0]]);
            return found;
        }
        Resolution rest = await inner.ResolveAsync(old.Found[0].Id, names[1..], None);
        return new Resolution([.. old.Found, .. rest.Found]);
    }

    private static PublishRequest WithoutLast(PublishRequest request) =>
        request.Extents.Count > 1 ? request with { Extents = [.. request.Extents.Take(request.Extents.Count - 1)] } : request;
}
