using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

public abstract partial class MetadataStoreContract
{
    private async Task<List<ObjectRow>> CollectAllAsync(TimeSpan later)
    {
        Clock.Advance(later);
        await Store.BeatAsync(null, Token);
        while (await Store.CollectAsync(100, Token) > 0)
        {
        }
        List<ObjectRow> all = [];
        for (IReadOnlyList<ObjectRow> some = await Store.TakeDeadObjectsAsync(50, TimeSpan.FromMinutes(1), Token); some.Count > 0; some = await Store.TakeDeadObjectsAsync(50, TimeSpan.FromMinutes(1), Token))
        {
            all.AddRange(some);
            await Store.DeadObjectsDeletedAsync(some, Token);
        }
        return all;
    }

    /// <summary>Another front-end that beats while the one does not, until it may take the one for dead.</summary>
    private async Task<IMetadataStore> OutliveAsync(IMetadataStore silent)
    {
        IMetadataStore other = await OpenAsync(Options("b"));
        Assert.NotEqual(silent.ServerId, other.ServerId);
        for (int i = 0; i < 5; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(15));
            Assert.True(await other.BeatAsync(null, Token));
        }
        return other;
    }

    [Fact]
    public async Task Garbage_waits_for_its_grace_and_for_running_downloads()
    {
        await StoreAsync("f", 10);
        long reading = MetadataTime.Now(Clock);
        await Store.DeleteFileAsync(Home, "f", null, Token);
        Assert.Empty(await CollectAllAsync(TimeSpan.FromMinutes(9)));
        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await Store.BeatAsync(reading, Token));
        Assert.Equal(0, await Store.CollectAsync(10, Token));
        Assert.Single(await CollectAllAsync(TimeSpan.FromSeconds(1)));
        Assert.Empty(await CollectAllAsync(TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task A_turn_is_taken_once_in_its_interval_whoever_asks()
    {
        TimeSpan week = TimeSpan.FromDays(7);
        Assert.False(await Store.TakeTurnAsync("job", week, Token));
        Clock.Advance(week - TimeSpan.FromSeconds(1));
        Assert.False(await Store.TakeTurnAsync("job", week, Token));
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await Store.TakeTurnAsync("other", week, Token));
        Assert.True(await Store.TakeTurnAsync("job", week, Token));
        Assert.False(await Store.TakeTurnAsync("job", week, Token));
        await Store.ReturnTurnAsync("job", Token);
        bool[] taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.TakeTurnAsync("job", week, Token).AsTask()));
        Assert.Equal(1, taken.Count(static turn => turn));
    }

    [Fact]
    public async Task Dead_objects_are_leased_until_they_are_reported()
    {
        await StoreAsync("f", 10, 10, 10);
        await Store.DeleteFileAsync(Home, "f", null, Token);
        Clock.Advance(TimeSpan.FromMinutes(11));
        await Store.BeatAsync(null, Token);
        while (await Store.CollectAsync(1, Token) > 0)
        {
        }
        IReadOnlyList<ObjectRow> taken = await Store.TakeDeadObjectsAsync(2, TimeSpan.FromMinutes(1), Token);
        Assert.Equal(2, taken.Count);
        Assert.Single(await Store.TakeDeadObjectsAsync(10, TimeSpan.FromMinutes(1), Token));
        Assert.Empty(await Store.TakeDeadObjectsAsync(10, TimeSpan.FromMinutes(1), Token));
        Assert.Empty(await Store.FindUnknownObjectsAsync([.. taken.Select(static o => o.Id)], Token));
        await Store.DeadObjectsDeletedAsync([taken[0]], Token);
        Assert.Equal([taken[0].Id], await Store.FindUnknownObjectsAsync([.. taken.Select(static o => o.Id)], Token));
        Clock.Advance(TimeSpan.FromSeconds(61));
        await Store.BeatAsync(null, Token);
        Assert.Equal(2, (await Store.TakeDeadObjectsAsync(10, TimeSpan.FromMinutes(1), Token)).Count);
    }

    [Fact]
    public async Task Reserved_ids_differ_and_a_dead_front_ends_go_to_garbage_unless_they_are_in_use()
    {
        HashSet<long> ids = [];
        for (int i = 0; i < 1_500; i++)
            Assert.True(ids.Add(await Store.ReserveObjectIdAsync(Token)));
        long used = ids.First(), journalled = ids.Skip(1).First(), open = ids.Last();
        await Store.PublishAsync(Request(Plan("f"), [new Extent(0, 5, new ObjectRow(used, 5, 1, 1))]), Token);
        await Store.JournalAsync(Plan("g"), [new Extent(0, 5, new ObjectRow(journalled, 5, 1, 1))], Token);
        Assert.Empty(await Store.FindUnknownObjectsAsync([used, journalled, open], Token));
        IMetadataStore dead = Store;
        Store = await OutliveAsync(Store);
        while ((await Store.ReapAsync(Token)).More)
        {
        }
        HashSet<long> given = [.. (await CollectAllAsync(TimeSpan.FromHours(1))).Select(static o => o.Id)];
        Assert.Contains(open, given);
        Assert.DoesNotContain(used, given);
        Assert.DoesNotContain(journalled, given);
        Assert.Equal(2_046, given.Count);
        Assert.True((await FindAsync("g"))!.IsPartial);
        await Assert.ThrowsAsync<MetadataException>(async () =>
        {
            for (int i = 0; i < 1_024; i++)
                await dead.ReserveObjectIdAsync(Token);
        });
        await dead.DisposeAsync();
    }

    [Fact]
    public async Task A_dead_front_ends_upload_takes_nobody_beyond_his_quota()
    {
        string limited = "user" + Store.NewKey();
        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(new AccountRow { Name = limited, Home = Home, QuotaBytes = 100, QuotaFiles = 2 }, false, null, Token));
        FileRow theirs = (await Store.AbandonAsync(Request(Plan("theirs") with { Owner = limited }, Cut(Store, 60)), true, Token)).File!;
        foreach ((UploadPlan plan, long length) in ((UploadPlan, long)[])
            [
                (Plan("a") with { Owner = limited }, 30),
                (Plan("large") with { Owner = limited }, 50),
                (Plan("theirs", UploadKind.Append, theirs), 45),
                (Plan("others"), 500),
            ])
            Assert.True(await Store.JournalAsync(plan, Cut(Store, length), Token));
        IMetadataStore dead = Store;
        Store = await OutliveAsync(Store);
        while ((await Store.ReapAsync(Token)).More)
        {
        }
        Assert.Equal([("a", 30), ("others", 500), ("theirs", 60)], (await ListAsync(Home)).Select(static row => (row.Name, row.Size)));
        Assert.Equal(new Usage(90, 2), await Store.GetUsageAsync(limited, Token));
        await dead.DisposeAsync();
    }

    [Fact]
    public async Task The_files_of_an_object_are_found_with_their_paths()
    {
        FileRow d = (await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).File!;
        FileRow gone = (await Store.CreateDirectoryAsync(Home, "gone", 0, Owner, Token)).File!;
        ObjectRow shared = NewObject(Store, 5);
        foreach ((long directory, string name) in ((long, string)[])[(d.Id, "f"), (Home, "g"), (gone.Id, "h")])
            await Store.PublishAsync(Request(Plan(name) with { Directory = directory }, [new Extent(0, 5, shared)]), Token);
        await Store.RemoveTreeAsync(gone, Token);
        string home = "/" + (await Store.GetDirectoryAsync(Home, Token))!.Name;
        Assert.Equal([home + "/d/f", home + "/g"], await Store.FindPathsAsync(shared.Id, 10, Token));
        Assert.Equal([home + "/d/f"], await Store.FindPathsAsync(shared.Id, 1, Token));
        Assert.Empty(await Store.FindPathsAsync(Store.NewId(), 10, Token));
    }

    [Fact]
    public async Task Blocks_of_ids_that_are_all_named_are_given_back()
    {
        List<ObjectRow> objects = [];
        for (int i = 0; i < 1_024; i++)
            objects.Add(new ObjectRow(await Store.ReserveObjectIdAsync(Token), 1, 1, 1));
        await Store.DiscardAsync(objects, Token);
        long next = await Store.ReserveObjectIdAsync(Token);
        Assert.Equal(1_024, (await CollectAllAsync(TimeSpan.FromHours(1))).Count);
        Assert.Equal([objects[0].Id], await Store.FindUnknownObjectsAsync([objects[0].Id, next], Token));
    }

    [Fact]
    public async Task A_discarded_object_is_deleted_unless_it_is_in_use()
    {
        await StoreAsync("f", 5);
        ObjectRow stray = NewObject(Store, 6);
        await Store.DiscardAsync([stray, (await ContentAsync("f")).Extents[0].Object], Token);
        Assert.Equal(stray, Assert.Single(await CollectAllAsync(TimeSpan.FromHours(1))));
    }

    [Fact]
    public async Task A_repaired_object_has_its_new_reference_everywhere_and_the_old_one_is_garbage()
    {
        ObjectRow old = NewObject(Store, 5) with { Reference = "old" };
        FileRow file = (await Store.PublishAsync(Request(Plan("f"), [new Extent(0, 5, old)]), Token)).File!;
        UploadPlan copy = Plan("g");
        await Store.JournalCopyAsync(copy, file, 0, long.MaxValue, 0, Token);
        await Store.PublishAsync(Request(copy, [], 5), Token);
        Assert.True(await Store.ReplaceReferenceAsync(old with { Reference = "new" }, "old", "old", Token));
        Assert.Equal("new", (await ContentAsync("f")).Extents[0].Object.Reference);
        Assert.Equal("new", (await ContentAsync("g")).Extents[0].Object.Reference);
        Assert.Equal("old", Assert.Single(await CollectAllAsync(TimeSpan.FromHours(1))).Reference);
        Assert.True(await Store.ReplaceReferenceAsync(old with { Reference = "third" }, "new", "a part of new", Token));
        Assert.Equal("a part of new", Assert.Single(await CollectAllAsync(TimeSpan.FromHours(1))).Reference);
        Assert.True(await Store.ReplaceReferenceAsync(old with { Reference = "fourth" }, "third", null, Token));
        Assert.Empty(await CollectAllAsync(TimeSpan.FromHours(1)));
        Assert.False(await Store.ReplaceReferenceAsync(NewObject(Store, 1) with { Reference = "x" }, null, null, Token));
    }

    [Fact]
    public async Task Of_two_repairs_of_one_object_the_first_to_be_recorded_stands()
    {
        ObjectRow old = NewObject(Store, 5) with { Reference = "old" };
        await Store.PublishAsync(Request(Plan("f"), [new Extent(0, 5, old)]), Token);
        Assert.True(await Store.ReplaceReferenceAsync(old with { Reference = "first" }, "old", "old", Token));
        Assert.True(await Store.ReplaceReferenceAsync(old with { Reference = "first" }, "old", "old", Token));
        Assert.False(await Store.ReplaceReferenceAsync(old with { Reference = "second" }, "old", "old", Token));
        Assert.Equal("first", (await ContentAsync("f")).Extents[0].Object.Reference);
        Assert.Equal("old", Assert.Single(await CollectAllAsync(TimeSpan.FromHours(1))).Reference);
    }

    [Fact]
    public async Task A_partial_that_cannot_stand_holds_up_no_other_upload_of_the_dead()
    {
        Assert.True(await Store.JournalAsync(Plan("."), Cut(Store, 5), Token));
        Assert.True(await Store.JournalAsync(Plan("g"), Cut(Store, 5), Token));
        IMetadataStore dead = Store;
        Store = await OutliveAsync(Store);
        (int uploads, int partials) = (0, 0);
        for (ReapResult step = await Store.ReapAsync(Token); step.More; step = await Store.ReapAsync(Token))
            (uploads, partials) = (uploads + step.Uploads, partials + step.Partials);
        Assert.Equal((2, 1), (uploads, partials));
        Assert.True((await FindAsync("g"))!.IsPartial);
        Assert.Single(await CollectAllAsync(TimeSpan.FromHours(1)));
        await dead.DisposeAsync();
    }

    [Fact]
    public async Task A_front_end_that_was_stopped_for_long_does_not_take_itself_for_dead()
    {
        UploadPlan plan = Plan("f") with { Server = Store.ServerId };
        Extent[] extents = Cut(Store, 5);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.False((await Store.ReapAsync(Token)).More);
        Assert.True(await Store.BeatAsync(null, Token));
        Assert.Equal(plan.Server, Store.ServerId);
        Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(plan, extents), Token)).Outcome);
    }

    /// <summary>What was reserved under an identity is swept with it: an upload that began under it must not be published under the next one.</summary>
    [Fact]
    public async Task An_upload_does_not_outlive_the_identity_that_it_began_under()
    {
        Extent reserved = new(0, 5, NewObject(Store, 5) with { Id = await Store.ReserveObjectIdAsync(Token) });
        UploadPlan plan = Plan("f") with { Server = Store.ServerId }, journalled = Plan("g") with { Server = Store.ServerId };
        Extent[] extents = Cut(Store, 5, 5);
        Assert.True(await Store.JournalAsync(journalled, extents[..1], Token));
        IMetadataStore paused = Store;
        Store = await OutliveAsync(Store);
        while ((await Store.ReapAsync(Token)).More)
        {
        }
        Assert.False(await paused.BeatAsync(null, Token));
        Assert.NotEqual(plan.Server, paused.ServerId);
        Assert.Equal(Outcome.Fenced, (await paused.PublishAsync(Request(plan, [reserved]), Token)).Outcome);
        Assert.False(await paused.JournalAsync(plan, [reserved], Token));
        Assert.Equal(Outcome.Fenced, (await paused.PublishAsync(Request(journalled, extents[1..], 10), Token)).Outcome);
        Assert.Equal(Outcome.Done, (await paused.PublishAsync(Request(Plan("h") with { Server = paused.ServerId }, Cut(paused, 5)), Token)).Outcome);
        await paused.DisposeAsync();
    }

    [Fact]
    public async Task Beats_at_the_same_time_register_a_front_end_once()
    {
        IMetadataStore paused = Store;
        Store = await OutliveAsync(Store);
        while ((await Store.ReapAsync(Token)).More)
        {
        }
        bool[] alive = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => paused.BeatAsync(null, Token).AsTask()));
        Assert.Equal(7, alive.Count(one => one));
        await paused.DisposeAsync();
    }

    [Fact]
    public async Task A_scan_sees_every_extent_once()
    {
        await StoreAsync("f", [.. Enumerable.Repeat(3L, 25)]);
        await StoreAsync("g", 1);
        HashSet<(string, long)> seen = [];
        string key = "";
        long start = -1;
        for (IReadOnlyList<ScannedExtent> page = await Store.ScanExtentsAsync(key, start, 10, Token); page.Count > 0; page = await Store.ScanExtentsAsync(key, start, 10, Token))
        {
            Assert.All(page, x => Assert.True(seen.Add((x.Key, x.Extent.Start))));
            (key, start) = (page[^1].Key, page[^1].Extent.Start);
        }
        Assert.Equal(26, seen.Count);
    }

    [Fact]
    public async Task Accounts_come_back_as_they_were_saved()
    {
        string name = "acc" + Store.NewKey();
        AccountRow account = new()
        {
            Name = name,
            PasswordHash = "hash",
            Home = Home,
            Permissions = 255,
            IsAdmin = true,
            IsDisabled = true,
            Expires = 5,
            AllowedAddresses = "10.0.0.0/8 ::1",
            QuotaBytes = 1,
            QuotaFiles = 2,
            UploadRate = 3,
            DownloadRate = 4,
            Settings = "{}",
            Rules = [new AccountRule(1, 2), new AccountRule(Home, 4)],
        };
        Assert.Null(await Store.FindAccountAsync(name, Token));
        Assert.Equal(Outcome.NotFound, await Store.SaveAccountAsync(account, true, null, Token));
        Assert.Equal(Outcome.NotFound, await Store.SaveAccountAsync(account with { Home = long.MaxValue }, false, null, Token));
        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(account, false, null, Token));
        Assert.Equivalent(account, await Store.FindAccountAsync(name, Token), strict: true);
        Assert.Equal(Outcome.AlreadyExists, await Store.SaveAccountAsync(account with { PasswordHash = "other", Rules = [] }, false, null, Token));
        Assert.Equivalent(account, await Store.FindAccountAsync(name, Token), strict: true);
        AccountRow plain = new() { Name = name, Home = Home };
        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(plain, true, null, Token));
        Assert.Equivalent(plain, Assert.Single(await Store.ListAccountsAsync(Token), a => a.Name == name), strict: true);
        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(account, null, null, Token));
        Assert.Equivalent(account, Assert.Single(await Store.ListAccountsAsync(Token), a => a.Name == name), strict: true);
        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(plain with { PasswordHash = null, Settings = "{}" }, true, null, Token));
        Assert.Equivalent(plain with { PasswordHash = account.PasswordHash, Settings = "{}" }, await Store.FindAccountAsync(name, Token), strict: true);
        Assert.False(await Store.SetPasswordAsync(name, "renewed", "some other", Token));
        Assert.True(await Store.SetPasswordAsync(name, "renewed", account.PasswordHash, Token));
        Assert.False(await Store.SetPasswordAsync(name, "renewed", account.PasswordHash, Token));
        Assert.True(await Store.SetPasswordAsync(name, "set", null, Token));
        Assert.Equivalent(plain with { PasswordHash = "set", Settings = "{}" }, await Store.FindAccountAsync(name, Token), strict: true);
        Assert.Equal(Outcome.Conflict, await Store.SaveAccountAsync(plain with { PasswordHash = null, Settings = "{1}", IsAdmin = true, Rules = [new AccountRule(Home, 8)] }, true, "{other}", Token));
        Assert.Equivalent(plain with { PasswordHash = "set", Settings = "{}" }, await Store.FindAccountAsync(name, Token), strict: true);
        Assert.Equal(Outcome.Done, await Store.SaveAccountAsync(plain with { PasswordHash = null, Settings = "{1}", Rules = [new AccountRule(Home, 8)] }, true, "{}", Token));
        Assert.Equivalent(plain with { PasswordHash = "set", Settings = "{1}", Rules = [new AccountRule(Home, 8)] }, await Store.FindAccountAsync(name, Token), strict: true);
        Assert.Equal(Outcome.NotFound, await Store.SaveAccountAsync(plain with { Name = name + "x", Settings = "{2}" }, true, "{1}", Token));
        Assert.True(await Store.DeleteAccountAsync(name, Token));
        Assert.False(await Store.DeleteAccountAsync(name, Token));
        Assert.False(await Store.SetPasswordAsync(name, "set", null, Token));
    }
}
