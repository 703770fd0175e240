using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

/// <summary>Downloads of files that have more extents than a page.</summary>
public class StorageDriverPagingTests
{
    private const int PieceLength = 200;
    private const int Pieces = (3 * ExtentPages.Length) + 7;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_download_of_many_extents_is_of_the_version_that_it_opened()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        byte[] content = await StoreManyAsync(store, driver);
        Assert.Equal(content[123_456..], await driver.GetAsync("/many", 123_456));
        await using IDownload download = await driver.OpenReadAsync(At("/many"), 0, Token);
        await driver.PutAsync("/many", Octets.Make(300_000, 9), UploadMode.Overwrite, 250_000);
        await driver.PutAsync("/many", Octets.Make(1_000, 8), UploadMode.Overwrite, 260_000);
        await driver.PutAsync("/many", Octets.Make(5_000, 7), UploadMode.Append);
        Assert.Equal(content.Length + 5_000, (await driver.GetAsync("/many")).Length);
        Assert.Equal(content, await ReadAsync(download, content.Length));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_download_goes_on_after_its_file_was_removed_between_two_pages()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        byte[] content = await StoreManyAsync(store, driver);
        await using IDownload download = await driver.OpenReadAsync(At("/many"), 0, Token);
        await driver.DeleteFileAsync(At("/many"), Token);
        Assert.Equal(content, await ReadAsync(download, content.Length));
    }

    [Fact]
    public async Task A_reader_whose_version_may_be_deleted_fails_and_gets_nothing_of_another()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        await StoreManyAsync(store, driver);
        FileContent content = (await store.Metadata.ReadContentAsync(IMetadataTree.Root, "many", 0, ExtentPages.Length, Token))!;
        ExtentPages pages = new(store.Context, content, server: 12345);
        await NextPageAsync();
        await driver.PutAsync("/many", Octets.Make(10, 9), UploadMode.Overwrite, content.File.Size - 10);
        FtpDriverException failure = await Assert.ThrowsAsync<FtpDriverException>(NextPageAsync);
        Assert.Equal(FtpError.Unavailable, failure.Error);
        Assert.Contains("Read the file again", failure.Message, StringComparison.Ordinal);

        async Task NextPageAsync()
        {
            while (!pages.MustFill)
                pages.Advance();
            await pages.FillAsync(Token);
        }
    }

    [Fact]
    public async Task Joining_more_extents_than_one_unit_adds_exchanges_the_content_and_keeps_the_file()
    {
        await using StorageHarness store = await StorageHarness.OpenAsync();
        StorageDriver driver = store.Login();
        byte[] many = await StoreManyAsync(store, driver);
        byte[] target = Octets.Make(100_000, 3);
        await driver.PutAsync("/t", target);
        FileRow before = await RowAsync(store, "t");
        await using IDownload download = await driver.OpenReadAsync(At("/t"), 0, Token);
        await driver.CombineAsync(At("/t"), [At("/many")], Token);
        FileRow after = await RowAsync(store, "t");
        Assert.Equal((before.Id, before.Owner, before.BirthTime), (after.Id, after.Owner, after.BirthTime));
        Assert.NotEqual(before.StorKey, after.StorKey);
        byte[] joined = [.. target, .. many];
        Assert.Equal(joined, await driver.GetAsync("/t"));
        Assert.Null(await driver.StatAsync("/many"));
        Assert.Equal(target, await ReadAsync(download, target.Length));
        await store.AssertSoundAsync();
    }

    private static async Task<FileRow> RowAsync(StorageHarness store, string name) => (await store.Metadata.ReadContentAsync(IMetadataTree.Root, name, 0, 1, Token))!.File;

    /// <summary>A file of <see cref="Pieces"/> extents, all of them parts of the objects of another file.</summary>
    private static async Task<byte[]> StoreManyAsync(StorageHarness store, StorageDriver driver)
    {
        byte[] content = Octets.Make(Pieces * PieceLength);
        await driver.PutAsync("/f", content);
        IReadOnlyList<Extent> whole = (await store.Metadata.ReadContentAsync(IMetadataTree.Root, "f", 0, 1_000, Token))!.Extents;
        List<Extent> pieces = [];
        for (long at = 0; at < content.Length; at = pieces[^1].End)
        {
            Extent of = whole.Last(extent => extent.Start <= at);
            pieces.Add(new Extent(at, Math.Min(PieceLength, of.End - at), of.Object, at - of.Start));
        }
        UploadPlan plan = new() { Key = store.Metadata.NewKey(), Directory = IMetadataTree.Root, Name = "many", Owner = "alice", Kind = UploadKind.Replace };
        Assert.True(await store.Metadata.JournalAsync(plan, pieces, Token));
        Assert.Equal(Outcome.Done, (await store.Metadata.PublishAsync(new PublishRequest { Plan = plan, Length = content.Length, ModTime = 1 }, Token)).Outcome);
        return content;
    }

    private static async Task<byte[]> ReadAsync(IDownload download, int length)
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        await download.CopyToAsync(pipe.Writer, null, Token);
        await pipe.Writer.CompleteAsync();
        return (await pipe.Reader.ReadAtLeastAsync(length, Token)).Buffer.ToArray();
    }
}
