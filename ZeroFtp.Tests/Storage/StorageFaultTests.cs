using System.IO.Pipelines;
using Microsoft.Data.Sqlite;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

/// <summary>After every fault the path shows the old or the new content, whole, and nothing unreferenced outlives the collector.</summary>
public sealed class StorageFaultTests
{
    private static readonly byte[] Old = Octets.Make(100_000, 1);
    private static readonly byte[] Young = Octets.Make(300_000, 2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ObjectCall, int, FtpError> Faults()
    {
        TheoryData<ObjectCall, int, FtpError> faults = [];
        foreach (ObjectCall call in (ObjectCall[])[ObjectCall.Create, ObjectCall.Write, ObjectCall.Complete])
        {
            foreach (int at in (int[])[1, 2, 5])
                faults.Add(call, at, at == 2 ? FtpError.InsufficientStorage : FtpError.Unavailable);
        }
        return faults;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_store_that_fails_during_an_upload_leaves_the_old_file(ObjectCall call, int at, FtpError error)
    {
        FaultyObjectStore? faulty = null;
        await using StorageHarness store = await StorageHarness.OpenAsync(wrapObjects: inner => faulty = new FaultyObjectStore(inner));
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Old);
        faulty!.Fail(call, at, error: error);
        await FailsAsync(error, () => driver.PutAsync("/a", Young));
        Assert.Equal(Old, await driver.GetAsync("/a"));
        faulty.Fail(call, at, error: error);
        await FailsAsync(error, () => driver.PutAsync("/a", Young, UploadMode.Append));
        Assert.Equal(Old, await driver.GetAsync("/a"));
        faulty.Heal();
        await store.AssertSoundAsync();
        await driver.PutAsync("/a", Young);
        Assert.Equal(Young, await driver.GetAsync("/a"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_is_kept_of_a_broken_upload_has_no_hole(int at)
    {
        FaultyObjectStore? faulty = null;
        await using StorageHarness store = await StorageHarness.OpenAsync(options => options with { UploadWindowBytes = 1 << 20 }, wrapObjects: inner => faulty = new FaultyObjectStore(inner));
        StorageDriver driver = store.Login();
        TaskCompletionSource gate = new();
        faulty!.Gate = gate.Task;
        faulty.Fail(ObjectCall.Complete, at);
        UploadRequest request = new() { Path = At("/p"), Mode = UploadMode.Replace };
        await using (IUpload upload = await driver.OpenWriteAsync(request, Token))
        {
            await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(Young)), Token);
            Assert.Equal(4, faulty.Completing);
            gate.SetResult();
            Assert.Equal(at > 1, await upload.AbortAsync(UploadAbort.Interrupted, Token));
        }
        int kept = (at - 1) * 65_536;
        Assert.Equal(kept, (await driver.StatAsync("/p"))?.Size ?? 0);
        if (kept > 0)
            Assert.Equal(Young[..kept], await driver.GetAsync("/p"));
        faulty.Heal();
        await store.AssertSoundAsync();
    }

    /// <summary>Nobody else ends it while this server lives.</summary>
    [Theory]
    [InlineData(100_000)]
    [InlineData(5 << 20)]
    public async Task An_upload_whose_end_the_database_did_not_take_is_ended_later(int length)
    {
        MetadataOutage? outage = null;
        await using StorageHarness store = await StorageHarness.OpenAsync(wrapMetadata: inner =>
        {
            (IMetadataStore wrapped, outage) = MetadataOutage.Over(inner);
            return wrapped;
        });
        StorageDriver driver = store.Login();
        outage!.IsOut = true;
        await FailsAsync(FtpError.Unavailable, () => driver.PutAsync("/a", Octets.Make(length)));
        Assert.NotEqual(0, store.CountObjects());
        outage.IsOut = false;
        Assert.Equal(1, (await store.Collector.ReapAsync(trash: false, Token)).Uploads);
        await store.AssertSoundAsync();
        Assert.Empty(store.Context.Unsettled);
        await driver.PutAsync("/a", Young);
        Assert.Equal(Young, await driver.GetAsync("/a"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Completions_overlap_but_not_without_bound()
    {
        FaultyObjectStore? faulty = null;
        await using StorageHarness store = await StorageHarness.OpenAsync(options => options with { UploadWindowBytes = 2 * (64 << 10) }, wrapObjects: inner => faulty = new FaultyObjectStore(inner));
        StorageDriver driver = store.Login();
        TaskCompletionSource gate = new();
        faulty!.Gate = gate.Task;
        Task<FtpEntry> putting = driver.PutAsync("/a", Octets.Make(10 * 65_536));
        await Bounded.UntilAsync("three objects are being completed", () => faulty.Completing >= 3);
        Assert.False(putting.IsCompleted);
        Assert.Equal(3, faulty.Completing);
        gate.SetResult();
        Assert.Equal(10 * 65_536, (await putting).Size);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_store_that_fails_during_a_download_is_reported()
    {
        FaultyObjectStore? faulty = null;
        await using StorageHarness store = await StorageHarness.OpenAsync(wrapObjects: inner => faulty = new FaultyObjectStore(inner));
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Young);
        faulty!.Fail(ObjectCall.Open, 1, stays: true);
        await FailsAsync(FtpError.Unavailable, () => driver.OpenReadAsync(At("/a"), 0, Token).AsTask());
        faulty.Fail(ObjectCall.Open, 3);
        await FailsAsync(FtpError.Unavailable, () => driver.GetAsync("/a"));
        faulty.Fail(ObjectCall.Read, 2);
        await FailsAsync(FtpError.Unavailable, () => driver.GetAsync("/a"));
        faulty.Heal();
        Assert.Equal(Young, await driver.GetAsync("/a"));
        Assert.Null(store.Context.Reads.Oldest);
    }

    [Fact]
    public async Task Remote_objects_are_fetched_ahead_within_the_window()
    {
        FaultyObjectStore? faulty = null;
        await using StorageHarness store = await StorageHarness.OpenAsync(
            options => options with { DownloadWindowBytes = 3 * (64 << 10) }, wrapObjects: inner => faulty = new FaultyObjectStore(inner) { IsRemote = true });
        StorageDriver driver = store.Login();
        byte[] bytes = Octets.Make(8 * 65_536);
        await driver.PutAsync("/a", bytes);
        await using IDownload download = await driver.OpenReadAsync(At("/a"), 0, Token);
        Assert.False(download is IFileBackedDownload);
        Assert.Equal(1, faulty!.Count(ObjectCall.Open));
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1_000, resumeWriterThreshold: 500));
        Task copying = download.CopyToAsync(pipe.Writer, null, Token).AsTask();
        Assert.Equal(3, faulty.Count(ObjectCall.Open));
        await pipe.Reader.CompleteAsync();
        await copying;
        Assert.Equal(bytes[100..], await driver.GetAsync("/a", 100));
    }

    [Fact]
    public async Task An_object_that_is_repaired_while_it_is_sent_is_found_at_its_new_place()
    {
        FaultyObjectStore? faulty = null;
        await using StorageHarness store = await StorageHarness.OpenAsync(wrapObjects: inner => faulty = new FaultyObjectStore(inner) { IsRemote = true });
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Young);
        faulty!.NewReference = "elsewhere";
        Assert.Equal(Young, await driver.GetAsync("/a"));
        FileContent content = (await store.Metadata.ReadContentAsync(IMetadataTree.Root, "a", 0, 100, Token))!;
        Assert.All(content.Extents, extent => Assert.Equal("elsewhere", extent.Object.Reference));
    }

    /// <summary>What is written again gets a new hash, with which damage would look as good as what it destroyed.</summary>
    [Theory]
    [InlineData(1_000, 1_000, UploadMode.Append)]
    [InlineData(1_000, 1_000, UploadMode.Overwrite)]
    [InlineData(60_000, 20_000, UploadMode.Overwrite)]
    [InlineData(70_000, 70_000, UploadMode.Append)]
    public async Task Damage_is_not_written_again_as_if_it_were_sound(int length, int offset, UploadMode mode)
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Octets.Make(length));
        string[] objects = [.. Directory.EnumerateFiles(store.ObjectsDirectory, "*", SearchOption.AllDirectories).Order()];
        byte[] damaged = await File.ReadAllBytesAsync(objects[^1], Token);
        damaged[10] ^= 1;
        await File.WriteAllBytesAsync(objects[^1], damaged, Token);
        await driver.PutAsync("/a", Young[..100_000], mode, mode == UploadMode.Append ? 0 : offset);
        await FailsAsync(FtpError.Unavailable, () => driver.GetAsync("/a"));
        Assert.Equal(Young[..100_000], await driver.GetAsync("/a", offset));
        await store.Collector.CollectAsync(Token);
        CheckReport report = await new Checker(store.Context, new CheckOptions()).RunAsync(Token);
        Assert.Equal(CheckFindingKind.DamagedObject, Assert.Single(report.Findings).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_refused_upload_leaves_nothing_in_the_journal(int length)
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        await using (IUpload upload = await driver.OpenWriteAsync(new UploadRequest { Path = At("/a"), Mode = UploadMode.Replace }, Token))
        {
            await upload.CopyFromAsync(PipeReader.Create(new MemoryStream(Octets.Make(length))), Token);
            await driver.MakeAsync("/a");
            await FailsAsync(FtpError.IsADirectory, () => upload.CommitAsync(Token).AsTask());
        }
        await using SqliteConnection connection = new($"Data Source={Path.Combine(store.DataDirectory, "metadata.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Token);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM upload";
        Assert.Equal(0L, await command.ExecuteScalarAsync(Token));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task An_object_that_cannot_be_deleted_is_tried_again()
    {
        FaultyObjectStore? faulty = null;
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        await using StorageHarness store = await StorageHarness.OpenAsync(wrapObjects: inner => faulty = new FaultyObjectStore(inner), clock: clock);
        StorageDriver driver = store.Login();
        await driver.PutAsync("/a", Young);
        await driver.DeleteFileAsync(At("/a"), Token);
        clock.Advance(TimeSpan.FromSeconds(1));
        faulty!.Fail(ObjectCall.Delete, 2);
        CollectReport report = await store.Collector.CollectAsync(Token);
        Assert.Equal((4, 1), ((int)report.ObjectsDeleted, (int)report.ObjectsFailed));
        clock.Advance(TimeSpan.FromMinutes(11));
        report = await store.Collector.CollectAsync(Token);
        Assert.Equal((1, 0), ((int)report.ObjectsDeleted, (int)report.ObjectsFailed));
        await store.AssertSoundAsync();
    }
}
