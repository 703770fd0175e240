using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

/// <content>Publications that consume the files whose content they took.</content>
public abstract partial class MetadataStoreContract
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Of_publications_that_consume_the_same_parts_one_is_done(int baseLength)
    {
        FileRow[] parts = await PartsAsync();
        List<PublishRequest> requests = [];
        for (int i = 0; i < 4; i++)
        {
            FileRow? onto = baseLength == 0 ? null : await StoreAsync($"whole{i}", baseLength);
            requests.Add(await JoinAsync(Plan($"whole{i}", UploadKind.Append, onto), parts));
        }
        PublishResult[] results = await Task.WhenAll(requests.Select(request => Task.Run(() => Store.PublishAsync(request, Token).AsTask())));
        PublishResult done = Assert.Single(results, static x => x.Outcome == Outcome.Done);
        Assert.All(results.Where(static x => x.Outcome != Outcome.Done), static x => Assert.Equal(Outcome.NotFound, x.Outcome));
        foreach ((PublishRequest request, PublishResult result) in requests.Zip(results))
        {
            if (result.Outcome != Outcome.Done)
                await Store.AbandonAsync(request, false, Token);
        }
        Assert.Equal(baseLength + 30, done.File!.Size);
        Assert.Equal(baseLength + 30, (await ContentAsync(done.File.Name)).Extents.Sum(static x => x.Length));
        Assert.Null(await FindAsync("p1"));
        Assert.Null(await FindAsync("sub", "p2"));
        Assert.Equal(new Usage(30 + (4 * baseLength), baseLength == 0 ? 1 : 4), await Store.GetUsageAsync(Owner, Token));
        await CollectAllAsync(TimeSpan.FromHours(1));
        Assert.Equal(baseLength + 30, (await ContentAsync(done.File.Name)).Extents.Sum(static x => x.Length));
    }

    [Fact]
    public async Task A_part_that_was_changed_stays_and_so_do_the_others()
    {
        FileRow[] parts = await PartsAsync();
        PublishRequest request = await JoinAsync(Plan("whole"), parts);
        await StoreAsync("p1", 7);
        Assert.Equal(Outcome.Conflict, (await Store.PublishAsync(request, Token)).Outcome);
        await Store.AbandonAsync(request, false, Token);
        Assert.Null(await FindAsync("whole"));
        Assert.NotNull(await FindAsync("sub", "p2"));
        Assert.Equal(new Usage(27, 2), await Store.GetUsageAsync(Owner, Token));
    }

    [Fact]
    public async Task Content_takes_the_place_of_a_file_only_while_that_is_as_it_was()
    {
        FileRow file = await StoreAsync("f", 10);
        PublishRequest late = Request(Plan("f", UploadKind.Replace, file), Cut(Store, 30));
        FileRow second = (await Store.PublishAsync(Request(Plan("f", UploadKind.Replace, file), Cut(Store, 20)), Token)).File!;
        Assert.Equal((file.Id, 20), (second.Id, second.Size));
        Assert.Equal(Outcome.Conflict, (await Store.PublishAsync(late, Token)).Outcome);
        await Store.AbandonAsync(late, false, Token);
        await Store.DeleteFileAsync(Home, "f", null, Token);
        PublishRequest gone = Request(Plan("f", UploadKind.Replace, second), Cut(Store, 5));
        Assert.Equal(Outcome.Conflict, (await Store.PublishAsync(gone, Token)).Outcome);
        Assert.Null(await FindAsync("f"));
    }

    [Fact]
    public async Task Parts_are_freed_before_the_quota_is_checked()
    {
        FileRow[] parts = await PartsAsync();
        PublishRequest whole = await JoinAsync(Plan("whole", UploadKind.Append), parts) with { QuotaBytes = 30, QuotaFiles = 2 };
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(whole, Token)).Outcome);
        Assert.Equal(new Usage(30, 1), await Store.GetUsageAsync(Owner, Token));
        // Lowered since: joining adds nothing.
        FileRow more = await StoreAsync("more", 5);
        FileRow onto = (await ContentAsync("whole")).File;
        PublishRequest grown = await JoinAsync(Plan("whole", UploadKind.Append, onto), [more]) with { QuotaBytes = 10, QuotaFiles = 1 };
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(grown, Token)).Outcome);
        Assert.Equal(new Usage(35, 1), await Store.GetUsageAsync(Owner, Token));
        // What is another's frees nothing of the owner's.
        PublishRequest foreign = Request(Plan("theirs") with { Owner = "bob" }, Cut(Store, 8));
        FileRow theirs = (await Store.PublishAsync(foreign, Token)).File!;
        PublishRequest tooMuch = await JoinAsync(Plan("new"), [theirs]) with { QuotaBytes = 40 };
        Assert.Equal(Outcome.QuotaExceeded, (await Store.PublishAsync(tooMuch, Token)).Outcome);
        await Store.AbandonAsync(tooMuch, false, Token);
        PublishRequest fits = await JoinAsync(Plan("new"), [theirs]) with { QuotaBytes = 43, QuotaFiles = 2 };
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(fits, Token)).Outcome);
        Assert.Equal((new Usage(43, 2), new Usage(0, 0)), (await Store.GetUsageAsync(Owner, Token), await Store.GetUsageAsync("bob", Token)));
    }

    [Fact]
    public async Task Empty_parts_are_consumed_too()
    {
        FileRow[] parts = [await StoreAsync("e1"), await StoreAsync("e2"), await StoreAsync("e3")];
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(await JoinAsync(Plan("whole", UploadKind.Append), parts), Token)).Outcome);
        Assert.Equal("whole", Assert.Single(await ListAsync(Home)).Name);
        Assert.Equal(new Usage(0, 1), await Store.GetUsageAsync(Owner, Token));
    }

    private async Task<FileRow[]> PartsAsync()
    {
        FileRow sub = (await Store.CreateDirectoryAsync(Home, "sub", 0b111_101_101, Owner, Token)).File!;
        PublishResult second = await Store.PublishAsync(Request(Plan("p2") with { Directory = sub.Id }, Cut(Store, 20)), Token);
        return [await StoreAsync("p1", 10), second.File!];
    }

    private async Task<PublishRequest> JoinAsync(UploadPlan plan, FileRow[] parts)
    {
        Assert.True(await Store.JournalAsync(plan, [], Token));
        long length = 0;
        foreach (FileRow part in parts)
        {
            if (part.Size > 0)
                Assert.Equal(part.Size, await Store.JournalCopyAsync(plan, part, 0, part.Size, length, Token));
            length += part.Size;
        }
        return Request(plan, [], length) with { Parts = parts };
    }
}
