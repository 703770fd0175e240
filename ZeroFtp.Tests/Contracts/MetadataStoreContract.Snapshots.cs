using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

/// <content>Readers that page through content which others change meanwhile.</content>
public abstract partial class MetadataStoreContract
{
    [Fact]
    public async Task A_reader_pages_through_the_version_that_it_opened_whatever_becomes_of_the_file()
    {
        Random random = new(17);
        // Which object each byte comes from, and where in it: what a reader of that version has to find.
        FileRow file = await StoreAsync("f", [.. Enumerable.Repeat(10L, 30)]);
        List<(FileRow File, string Content)> opened = [(file, await SpellAsync(file))];
        for (int i = 0; i < 25; i++)
        {
            long offset = random.NextInt64(file.Size + 1);
            PublishRequest request = i % 5 == 4
                ? Request(Plan("f", UploadKind.Append, file, repeats: 1), Cut(Store, 1 + random.Next(1, 20)))
                : Request(Plan("f", UploadKind.Overwrite, file, offset), Cut(Store, random.Next(1, 60)));
            Assert.Equal(Outcome.Done, (await Store.PublishAsync(request, Token)).Outcome);
            if (i % 7 == 0)
                await Store.ChangeFactsAsync(Home, "f", new FactUpdate(Mode: i), Token);
            file = (await ContentAsync("f")).File;
            opened.Add((file, await SpellAsync(file)));
        }
        foreach ((FileRow row, string content) in opened)
        {
            Assert.Equal(content, await SpellAsync(row));
            Assert.Equal(content, await SpellAsync(row, 1));
        }
        await StoreAsync("f", 3);
        foreach ((FileRow row, string content) in opened)
            Assert.Equal(content, await SpellAsync(row));
        Assert.NotEmpty(await CollectAllAsync(TimeSpan.FromHours(1)));
        Assert.Empty((await Store.ReadSnapshotAsync(opened[0].File, Store.ServerId, 0, 5, Token))!);
        Assert.Single((await ContentAsync("f")).Extents);
    }

    [Fact]
    public async Task What_was_cut_is_kept_while_a_reader_may_want_it()
    {
        FileRow file = await StoreAsync("f", 10, 20, 30);
        long reading = MetadataTime.Now(Clock);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan("f", UploadKind.Overwrite, file, 5), Cut(Store, 40)), Token)).Outcome);
        Clock.Advance(TimeSpan.FromHours(2));
        Assert.True(await Store.BeatAsync(reading, Token));
        Assert.Equal(0, await Store.CollectAsync(100, Token));
        Assert.Equal("0+10@0/10 10+20@0/20 30+30@0/30", Map((await Store.ReadSnapshotAsync(file, Store.ServerId, 0, 10, Token))!));
        Assert.Single(await CollectAllAsync(TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task A_reader_whose_front_end_was_taken_for_dead_is_told_so_unless_nothing_has_changed()
    {
        FileRow file = await StoreAsync("f", 10, 20, 30);
        Assert.Equal("10+20@0/20 30+30@0/30", Map((await Store.ReadSnapshotAsync(file, reader: 12345, 10, 10, Token))!));
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan("f", UploadKind.Overwrite, file, 15), Cut(Store, 5)), Token)).Outcome);
        Assert.Null(await Store.ReadSnapshotAsync(file, reader: 12345, 10, 10, Token));
        Assert.Equal("10+20@0/20 30+30@0/30", Map((await Store.ReadSnapshotAsync(file, Store.ServerId, 10, 10, Token))!));
    }

    [Fact]
    public async Task A_page_is_bounded_by_its_limit_whatever_was_cut()
    {
        FileRow opened = await StoreAsync("f", [.. Enumerable.Repeat(10L, 500)]);
        FileRow file = opened;
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan("f", UploadKind.Overwrite, file, 5 + (i * 20)), Cut(Store, 20)), Token)).Outcome);
            file = (await ContentAsync("f")).File;
        }
        IReadOnlyList<Extent> page = (await Store.ReadSnapshotAsync(opened, Store.ServerId, 0, 10, Token))!;
        Assert.InRange(page.Count, 10, 20);
        FileContent content = (await Store.ReadContentAsync(Home, "f", 2_500, 10, Token))!;
        Assert.Equal(10, content.Extents.Count);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 500).Select(static i => $"{i * 10}+10@0/10")), Map(await AllAsync(opened, 10)));
    }

    private async Task<List<Extent>> AllAsync(FileRow file, int limit)
    {
        List<Extent> all = [];
        for (long at = 0; at < file.Size; at = all[^1].End)
        {
            IReadOnlyList<Extent> page = (await Store.ReadSnapshotAsync(file, Store.ServerId, at, limit, Token))!;
            Assert.Equal(at, page[0].Start);
            Assert.True(page.Count <= 2 * limit);
            all.AddRange(page);
        }
        return all;
    }

    /// <summary>Which object each byte comes from, and where in it.</summary>
    private async Task<string> SpellAsync(FileRow file, int limit = 3) =>
        string.Join(' ', (await AllAsync(file, limit)).SelectMany(static extent => Enumerable.Range(0, (int)extent.Length).Select(i => $"{extent.Object.Id:x}:{extent.ObjectOffset + i}")));
}
