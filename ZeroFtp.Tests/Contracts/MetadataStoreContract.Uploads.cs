using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

public abstract partial class MetadataStoreContract
{
    [Fact]
    public async Task A_small_upload_is_one_call()
    {
        Extent[] extents = Cut(Store, 4_096);
        PublishResult result = await Store.PublishAsync(Request(Plan("f"), extents), Token);
        Assert.Equal(Outcome.Done, result.Outcome);
        FileContent content = await ContentAsync("f");
        Assert.Equal(result.File, content.File);
        Assert.Equal(4_096, content.File.Size);
        Assert.False(content.File.IsPartial);
        Assert.Equal(extents, content.Extents);
        Assert.Equal(new Usage(4_096, 1), await Store.GetUsageAsync(Owner, Token));
        Assert.Null(await Store.ReadContentAsync(Home, "none", 0, 10, Token));
    }

    [Fact]
    public async Task References_and_hashes_come_back_as_they_were_given()
    {
        ObjectRow strange = new(long.MaxValue - Store.NewId() % 1_000_000, 9, (UInt128)1 << 127 | 5, uint.MaxValue, new string('r', 3_000));
        await Store.PublishAsync(Request(Plan("f"), [new Extent(0, 9, strange)]), Token);
        Assert.Equal(strange, (await ContentAsync("f")).Extents[0].Object);
    }

    [Fact]
    public async Task An_empty_file_has_no_extents()
    {
        FileRow file = await StoreAsync("empty");
        Assert.Equal(0, file.Size);
        Assert.Empty((await ContentAsync("empty")).Extents);
    }

    [Fact]
    public async Task A_long_upload_is_journalled_in_batches_and_published_whole()
    {
        UploadPlan plan = Plan("big");
        Extent[] extents = Cut(Store, [.. Enumerable.Repeat(100L, 300)]);
        for (int at = 0; at < 200; at += 100)
            Assert.True(await Store.JournalAsync(plan, extents[at..(at + 100)], Token));
        Assert.Null(await FindAsync("big"));
        PublishResult result = await Store.PublishAsync(Request(plan, extents[200..], 30_000), Token);
        Assert.Equal(Outcome.Done, result.Outcome);
        FileContent content = await Store.ReadContentAsync(Home, "big", 0, 250, Token) ?? throw new InvalidOperationException();
        Assert.True(content.HasMore);
        Assert.Equal(extents[..250], content.Extents);
        Assert.Equal(extents[250..], await Store.ReadExtentsAsync(content.File, 25_000, 100, Token));
        Assert.Equal(extents[123..125], await Store.ReadExtentsAsync(content.File, 12_399, 2, Token));
        Assert.Empty((await Store.ReadExtentsAsync(content.File, 30_000, 2, Token))!);
    }

    [Fact]
    public async Task Replaced_content_is_garbage_and_its_readers_are_told()
    {
        FileRow old = await StoreAsync("f", 10, 20);
        await Store.ChangeFactsAsync(Home, "f", new FactUpdate(Mode: 0b111), Token);
        PublishResult replaced = await Store.PublishAsync(Request(Plan("f") with { Owner = "bob", FileMode = 0 }, Cut(Store, 5)), Token);
        Assert.Equal(old.Id, replaced.File!.Id);
        Assert.Equal(0b111, replaced.File.Mode);
        Assert.Equal(old.BirthTime, replaced.File.BirthTime);
        Assert.Null(await Store.ReadExtentsAsync(old, 0, 10, Token));
        Assert.Equal(new Usage(0, 0), await Store.GetUsageAsync(Owner, Token));
        Assert.Equal(new Usage(5, 1), await Store.GetUsageAsync("bob", Token));
        Assert.Equal(2, (await CollectAllAsync(TimeSpan.FromHours(1))).Count);
        await Store.DeleteFileAsync(Home, "f", null, Token);
    }

    [Fact]
    public async Task An_upload_never_replaces_a_directory_nor_one_that_must_be_new_a_file()
    {
        FileRow d = (await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).File!;
        await StoreAsync("f", 1);
        await RefusedAsync(Outcome.IsDirectory, Plan("d"));
        await RefusedAsync(Outcome.AlreadyExists, Plan("f", UploadKind.CreateNew));
        await RefusedAsync(Outcome.NotFound, Plan("x") with { Directory = d.Id + 1 });
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan("new", UploadKind.CreateNew), Cut(Store, 2)), Token)).Outcome);
        Assert.Equal(3, (await CollectAllAsync(TimeSpan.FromHours(1))).Count);
    }

    private async Task RefusedAsync(Outcome expected, UploadPlan plan, long? quota = null)
    {
        PublishRequest request = Request(plan, Cut(Store, 9)) with { QuotaBytes = quota };
        Assert.Equal(expected, (await Store.PublishAsync(request, Token)).Outcome);
        Assert.False((await Store.AbandonAsync(request, true, Token)).Kept);
    }

    [Fact]
    public async Task A_file_takes_a_links_place()
    {
        await Store.CreateLinkAsync(Home, "l", "t", Owner, null, Token);
        FileRow file = await StoreAsync("l", 3);
        Assert.Null(file.Link);
        Assert.Equal(new Usage(3, 1), await Store.GetUsageAsync(Owner, Token));
    }

    [Fact]
    public async Task The_quota_holds_when_an_upload_is_published()
    {
        await StoreAsync("a", 60);
        await RefusedAsync(Outcome.QuotaExceeded, Plan("b"), 65);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan("b"), Cut(Store, 40)) with { QuotaBytes = 100, QuotaFiles = 2 }, Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan("a"), Cut(Store, 60)) with { QuotaBytes = 100, QuotaFiles = 2 }, Token)).Outcome);
        PublishRequest third = Request(Plan("c"), Cut(Store, 0 + 1)) with { QuotaFiles = 2 };
        Assert.Equal(Outcome.QuotaExceeded, (await Store.PublishAsync(third, Token)).Outcome);
        await Store.AbandonAsync(third, true, Token);
        FileRow a = (await ContentAsync("a")).File;
        await RefusedAsync(Outcome.QuotaExceeded, Plan("a", UploadKind.Append, a), 108);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan("a", UploadKind.Append, a), Cut(Store, 9)) with { QuotaBytes = 109 }, Token)).Outcome);
    }

    [Fact]
    public async Task Appending_adds_at_the_end_that_the_file_has_by_then()
    {
        FileRow file = await StoreAsync("f", 10);
        UploadPlan one = Plan("f", UploadKind.Append, file), two = Plan("f", UploadKind.Append, file);
        Extent[] late = Cut(Store, 3, 4);
        Assert.True(await Store.JournalAsync(two, late[..1], Token));
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(one, Cut(Store, 5)), Token)).Outcome);
        PublishResult second = await Store.PublishAsync(Request(two, late[1..], 7), Token);
        Assert.Equal(22, second.File!.Size);
        Assert.Equal(file.Id, second.File.Id);
        Assert.Equal("0+10@0/10 10+5@0/5 15+3@0/3 18+4@0/4", Map((await ContentAsync("f")).Extents));
        Assert.Equal(new Usage(22, 1), await Store.GetUsageAsync(Owner, Token));
    }

    [Fact]
    public async Task An_append_conflicts_when_its_file_was_replaced_renamed_or_removed()
    {
        FileRow file = await StoreAsync("f", 10);
        await StoreAsync("f", 11);
        await RefusedAsync(Outcome.Conflict, Plan("f", UploadKind.Append, file));
        file = (await ContentAsync("f")).File;
        await Store.RenameAsync(file, Home, "g", Token);
        await RefusedAsync(Outcome.Conflict, Plan("f", UploadKind.Append, file));
        await Store.DeleteFileAsync(Home, "g", null, Token);
        await RefusedAsync(Outcome.Conflict, Plan("g", UploadKind.Append, file));
    }

    [Fact]
    public async Task A_small_tail_is_merged_or_skipped_if_another_was_faster()
    {
        FileRow file = await StoreAsync("log", 100, 7);
        UploadPlan one = Plan("log", UploadKind.Append, file, repeats: 7), two = Plan("log", UploadKind.Append, file, repeats: 7);
        PublishResult first = await Store.PublishAsync(Request(one, Cut(Store, 12)), Token);
        Assert.Equal(112, first.File!.Size);
        Assert.Equal("0+100@0/100 100+12@0/12", Map((await ContentAsync("log")).Extents));
        PublishResult second = await Store.PublishAsync(Request(two, Cut(Store, 10, 4)), Token);
        Assert.Equal(119, second.File!.Size);
        Assert.Equal("0+100@0/100 100+12@0/12 112+3@7/10 115+4@0/4", Map((await ContentAsync("log")).Extents));
        Assert.Equal(new Usage(119, 1), await Store.GetUsageAsync(Owner, Token));
        Assert.Equal(7, Assert.Single(await CollectAllAsync(TimeSpan.FromHours(1))).Length);
    }

    [Theory]
    [InlineData(0, 10, "0+10@0/10 10+20@0/20 30+30@0/30", 1)]
    [InlineData(0, 60, "0+60@0/60", 3)]
    [InlineData(0, 75, "0+75@0/75", 3)]
    [InlineData(12, 3, "0+10@0/10 10+2@0/20 12+3@0/3 15+15@5/20 30+30@0/30", 0)]
    [InlineData(5, 40, "0+5@0/10 5+40@0/40 45+15@15/30", 1)]
    [InlineData(10, 20, "0+10@0/10 10+20@0/20 30+30@0/30", 1)]
    [InlineData(25, 5, "0+10@0/10 10+15@0/20 25+5@0/5 30+30@0/30", 0)]
    [InlineData(59, 9, "0+10@0/10 10+20@0/20 30+29@0/30 59+9@0/9", 0)]
    [InlineData(60, 9, "0+10@0/10 10+20@0/20 30+30@0/30 60+9@0/9", 0)]
    public async Task Overwriting_cuts_what_it_covers_and_keeps_the_rest(long offset, long length, string expected, int dead)
    {
        FileRow file = await StoreAsync("f", 10, 20, 30);
        PublishResult result = await Store.PublishAsync(Request(Plan("f", UploadKind.Overwrite, file, offset), Cut(Store, length)), Token);
        Assert.Equal(Outcome.Done, result.Outcome);
        Assert.Equal(Math.Max(60, offset + length), result.File!.Size);
        Assert.Equal(expected, Map((await ContentAsync("f")).Extents));
        Assert.Equal(new Usage(result.File.Size, 1), await Store.GetUsageAsync(Owner, Token));
        Assert.Equal(dead, (await CollectAllAsync(TimeSpan.FromHours(1))).Count);
        await RefusedAsync(Outcome.Conflict, Plan("f", UploadKind.Overwrite, result.File, result.File.Size + 1));
    }

    [Fact]
    public async Task A_file_copied_by_reference_shares_its_objects()
    {
        FileRow source = await StoreAsync("a", [.. Enumerable.Repeat(10L, 1_100)]);
        UploadPlan plan = Plan("b");
        long at = 0;
        for (long? step = await Store.JournalCopyAsync(plan, source, 5, long.MaxValue, 0, Token); step > 0; step = await Store.JournalCopyAsync(plan, source, 5 + at, long.MaxValue, at, Token))
            at += step.Value;
        Assert.Equal(10_995, at);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(plan, [], at), Token)).Outcome);
        FileContent copy = await ContentAsync("b");
        Assert.Equal(1_100, copy.Extents.Count);
        Assert.Equal("0+5@5/10 5+10@0/10", Map(copy.Extents.Take(2)));
        await Store.DeleteFileAsync(Home, "a", null, Token);
        Assert.Empty(await CollectAllAsync(TimeSpan.FromHours(1)));
        Assert.Equal(copy.Extents, (await ContentAsync("b")).Extents);
        await Store.DeleteFileAsync(Home, "b", null, Token);
        Assert.Equal(1_100, (await CollectAllAsync(TimeSpan.FromHours(1))).Count);
        Assert.Null(await Store.JournalCopyAsync(Plan("c"), source, 0, long.MaxValue, 0, Token));
    }

    [Fact]
    public async Task What_is_cut_out_of_a_file_outlives_its_readers_though_older_garbage_shares_it()
    {
        FileRow source = await StoreAsync("a", 10, 10);
        UploadPlan plan = Plan("b");
        await Store.JournalCopyAsync(plan, source, 0, long.MaxValue, 0, Token);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(plan, [], 20), Token)).Outcome);
        FileRow copy = (await ContentAsync("b")).File;
        await Store.DeleteFileAsync(Home, "a", null, Token);
        Clock.Advance(TimeSpan.FromMinutes(9));
        long reading = MetadataTime.Now(Clock);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan("b", UploadKind.Overwrite, copy), Cut(Store, 10)), Token)).Outcome);
        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await Store.BeatAsync(reading, Token));
        // The older garbage goes, but what was cut still names its objects.
        await Store.CollectAsync(10, Token);
        Assert.Empty(await Store.TakeDeadObjectsAsync(10, TimeSpan.FromMinutes(1), Token));
        Assert.Single(await CollectAllAsync(TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task A_file_may_hold_one_object_many_times()
    {
        ObjectRow one = NewObject(Store, 10);
        FileRow file = (await Store.PublishAsync(Request(Plan("f"), [new Extent(0, 10, one), new Extent(10, 5, one, 5), new Extent(15, 10, one)]), Token)).File!;
        await Store.PublishAsync(Request(Plan("f", UploadKind.Overwrite, file, 0), Cut(Store, 15)), Token);
        Assert.Empty(await CollectAllAsync(TimeSpan.FromHours(1)));
        await Store.DeleteFileAsync(Home, "f", null, Token);
        Assert.Equal(2, (await CollectAllAsync(TimeSpan.FromHours(1))).Count);
    }
}
