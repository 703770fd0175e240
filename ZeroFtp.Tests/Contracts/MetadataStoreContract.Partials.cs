using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

public abstract partial class MetadataStoreContract
{
    /// <summary>How the uploads of these tests end.</summary>
    public enum Ending
    {
        Interrupted,
        InterruptedAfterJournal,
        FrontEndDied,
    }

    public static TheoryData<string, UploadStart, bool, bool, long> Cases()
    {
        TheoryData<string, UploadStart, bool, bool, long> cases = [];
        cases.Add("STOR to a new name", UploadStart.Replace, false, false, 7);
        cases.Add("STOU", UploadStart.CreateNew, false, false, 7);
        cases.Add("APPE to a new name", UploadStart.Append, false, false, 7);
        cases.Add("STOR over a complete file", UploadStart.Replace, true, false, 20);
        cases.Add("STOR over a shorter partial", UploadStart.Replace, true, true, 20);
        cases.Add("STOR over a longer partial", UploadStart.Replace, true, true, 5);
        cases.Add("APPE that continues a partial", UploadStart.Append, true, true, 5);
        cases.Add("REST and STOR that continue a partial", UploadStart.OverwriteEnd, true, true, 5);
        cases.Add("REST and STOR inside a partial", UploadStart.OverwriteMiddle, true, true, 5);
        cases.Add("APPE to a complete file", UploadStart.Append, true, false, 5);
        cases.Add("REST and STOR inside a complete file", UploadStart.OverwriteMiddle, true, false, 5);
        return cases;
    }

    /// <summary>How the uploads of these tests begin.</summary>
    public enum UploadStart
    {
        Replace,
        CreateNew,
        Append,
        OverwriteEnd,
        OverwriteMiddle,
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task An_interrupted_upload_leaves_what_the_rule_says(string what, UploadStart start, bool exists, bool partial, long length) => LeavesAsync(what, start, exists, partial, length, Ending.Interrupted);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task An_interrupted_long_upload_leaves_the_same(string what, UploadStart start, bool exists, bool partial, long length) => LeavesAsync(what, start, exists, partial, length, Ending.InterruptedAfterJournal);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_dead_front_ends_upload_leaves_the_same(string what, UploadStart start, bool exists, bool partial, long length) => LeavesAsync(what, start, exists, partial, length, Ending.FrontEndDied);

    private async Task LeavesAsync(string what, UploadStart start, bool exists, bool partial, long length, Ending ending)
    {
        FileRow? before = null;
        if (exists)
            before = partial ? await PartialAsync("f", 10) : await StoreAsync("f", 10);
        UploadKind kind = start switch { UploadStart.Replace => UploadKind.Replace, UploadStart.CreateNew => UploadKind.CreateNew, UploadStart.Append => UploadKind.Append, _ => UploadKind.Overwrite };
        long offset = start switch { UploadStart.OverwriteEnd => 10, UploadStart.OverwriteMiddle => 3, _ => 0 };
        UploadPlan plan = Plan("f", kind, kind is UploadKind.Append or UploadKind.Overwrite ? before : null, offset);
        bool keeps = PartialRule.Keeps(plan, length, before);
        Extent[] extents = Cut(Store, length - 1, 1);
        bool kept = await EndAsync(plan, extents, ending);

        FileRow? after = await FindAsync("f");
        Assert.True(keeps == kept, $"{what}: kept {kept}, rule {keeps}");
        if (keeps)
        {
            Assert.True(after!.IsPartial);
            Assert.Equal(start switch { UploadStart.Append or UploadStart.OverwriteEnd when exists => 10 + length, UploadStart.OverwriteMiddle => Math.Max(10, 3 + length), _ => length }, after.Size);
        }
        else
        {
            Assert.Equal(before is null ? null : before with { StorKey = null }, after);
        }
        int dead = (await CollectAllAsync(TimeSpan.FromHours(1))).Count;
        Assert.Equal(!keeps ? 2 : start == UploadStart.Replace && exists ? 1 : 0, dead);
        PublishResult whole = await Store.PublishAsync(Request(Plan("f"), Cut(Store, 3)), Token);
        Assert.False(whole.File!.IsPartial);
    }

    private async Task<bool> EndAsync(UploadPlan plan, Extent[] extents, Ending ending)
    {
        long length = extents[^1].End;
        if (ending == Ending.Interrupted)
            return (await Store.AbandonAsync(Request(plan, extents), true, Token)).Kept;
        if (ending == Ending.InterruptedAfterJournal)
        {
            Assert.True(await Store.JournalAsync(plan, extents[..1], Token));
            return (await Store.AbandonAsync(Request(plan, extents[1..], length), true, Token)).Kept;
        }
        Assert.True(await Store.JournalAsync(plan, extents, Token));
        IMetadataStore dead = Store;
        Store = await OutliveAsync(Store);
        int uploads = 0, partials = 0;
        for (ReapResult step = await Store.ReapAsync(Token); step.More; step = await Store.ReapAsync(Token))
            (uploads, partials) = (uploads + step.Uploads, partials + step.Partials);
        Assert.Equal(1, uploads);
        Assert.False(await dead.JournalAsync(plan with { Key = dead.NewKey() }, Cut(dead, 5), Token));
        Assert.Equal(Outcome.Fenced, (await dead.PublishAsync(Request(plan, [], length), Token)).Outcome);
        Assert.Equal(Outcome.Fenced, (await dead.PublishAsync(Request(plan with { Key = dead.NewKey(), Kind = UploadKind.Replace, Base = null, Name = "other" }, Cut(dead, 5)), Token)).Outcome);
        Assert.False(await dead.BeatAsync(null, Token));
        Assert.True(await dead.BeatAsync(null, Token));
        await dead.DisposeAsync();
        return partials == 1;
    }

    private async Task<FileRow> PartialAsync(string name, long length)
    {
        AbandonResult kept = await Store.AbandonAsync(Request(Plan(name), Cut(Store, length)), true, Token);
        Assert.True(kept.Kept);
        Assert.True(kept.File!.IsPartial);
        return (await ContentAsync(name)).File;
    }

    [Fact]
    public async Task A_finished_upload_takes_the_mark_away()
    {
        FileRow partial = await PartialAsync("f", 10);
        PublishResult whole = await Store.PublishAsync(Request(Plan("f", UploadKind.Append, partial), Cut(Store, 5)), Token);
        Assert.False(whole.File!.IsPartial);
        Assert.Equal(15, whole.File.Size);
    }

    [Fact]
    public async Task Nothing_is_kept_where_nothing_is_to_be_kept()
    {
        Assert.False((await Store.AbandonAsync(Request(Plan("a"), Cut(Store, 5)), false, Token)).Kept);
        Assert.False((await Store.AbandonAsync(Request(Plan("b") with { KeepPartial = false }, Cut(Store, 5)), true, Token)).Kept);
        Assert.False((await Store.AbandonAsync(Request(Plan("c"), []), true, Token)).Kept);
        FileRow partial = await PartialAsync("d", 8);
        Assert.False((await Store.AbandonAsync(Request(Plan("d", UploadKind.Append, partial, repeats: 4), Cut(Store, 4)), true, Token)).Kept);
        Assert.Equal(["d"], (await ListAsync(Home)).Select(static f => f.Name));
        Assert.Equal(3, (await CollectAllAsync(TimeSpan.FromHours(1))).Count);
    }

    [Fact]
    public async Task A_partial_grows_by_an_interrupted_append_that_merged_its_tail()
    {
        FileRow partial = await PartialAsync("f", 8);
        AbandonResult kept = await Store.AbandonAsync(Request(Plan("f", UploadKind.Append, partial, repeats: 8), Cut(Store, 11)), true, Token);
        Assert.True(kept.Kept);
        Assert.Equal(11, kept.File!.Size);
        Assert.Equal("0+11@0/11", Map((await ContentAsync("f")).Extents));
    }

    [Fact]
    public async Task An_abandoned_upload_cannot_be_published_and_a_published_one_not_be_abandoned()
    {
        PublishRequest given = Request(Plan("a"), Cut(Store, 5));
        await Store.AbandonAsync(given, false, Token);
        Assert.Equal(Outcome.Fenced, (await Store.PublishAsync(given, Token)).Outcome);
        PublishRequest taken = Request(Plan("b"), Cut(Store, 5));
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(taken, Token)).Outcome);
        Assert.False((await Store.AbandonAsync(taken, true, Token)).Kept);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(taken, Token)).Outcome);
        Assert.Single((await ContentAsync("b")).Extents);
        Assert.Single(await CollectAllAsync(TimeSpan.FromHours(1)));
    }
}
