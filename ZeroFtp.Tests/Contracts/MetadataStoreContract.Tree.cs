using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

public abstract partial class MetadataStoreContract
{
    [Fact]
    public async Task Links_that_are_made_at_the_same_time_keep_the_quota_of_files()
    {
        await StoreAsync("f", 1);
        TreeResult[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Store.CreateLinkAsync(Home, $"l{i}", "f", Owner, 5, Token).AsTask())));
        Assert.Equal(4, results.Count(static x => x.Outcome == Outcome.Done));
        Assert.All(results.Where(static x => x.Outcome != Outcome.Done), static x => Assert.Equal(Outcome.QuotaExceeded, x.Outcome));
        Assert.Equal(new Usage(1, 5), await Store.GetUsageAsync(Owner, Token));
        Assert.Equal(5, (await ListAsync(Home)).Count);
        Assert.Equal(Outcome.AlreadyExists, (await Store.CreateLinkAsync(Home, "f", "x", Owner, 5, Token)).Outcome);
    }

    [Fact]
    public async Task A_file_is_removed_exactly_as_it_is_known_or_not_at_all()
    {
        await StoreAsync("f", 5);
        FileRow known = (await ContentAsync("f")).File;
        await StoreAsync("f", 6);
        Assert.Equal(Outcome.NotFound, (await Store.DeleteFileAsync(Home, "f", known, Token)).Outcome);
        known = (await ContentAsync("f")).File;
        Assert.Equal(6, known.Size);
        await Store.ChangeFactsAsync(Home, "f", new FactUpdate { Mode = 0b110_000_000 }, Token);
        Assert.Equal(Outcome.NotFound, (await Store.DeleteFileAsync(Home, "f", known, Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.DeleteFileAsync(Home, "f", (await ContentAsync("f")).File, Token)).Outcome);
        Assert.Null(await Store.ReadContentAsync(Home, "f", 0, 1, Token));
    }

    [Fact]
    public async Task A_new_directory_is_found_by_name_and_by_id()
    {
        TreeResult made = await Store.CreateDirectoryAsync(Home, "docs", 0b111_000_000, "bob", Token);
        Assert.Equal(Outcome.Done, made.Outcome);
        FileRow found = (await FindAsync("docs"))!;
        Assert.Equal(made.File, found);
        Assert.True(found.IsDirectory);
        Assert.Equal(0b111_000_000, found.Mode);
        Assert.Equal("bob", found.Owner);
        Assert.Equal(found, await Store.GetDirectoryAsync(found.Id, Token) is { } same ? same with { DirectoryVersion = 0 } : null);
    }

    [Fact]
    public async Task The_root_is_a_directory_without_a_name()
    {
        FileRow root = (await Store.GetDirectoryAsync(IMetadataTree.Root, Token))!;
        Assert.Equal("", root.Name);
        Assert.True(root.IsDirectory);
        Assert.Null(await Store.GetDirectoryAsync(long.MaxValue, Token));
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await StoreAsync("x", 5);
        Assert.Equal(Outcome.AlreadyExists, (await Store.CreateDirectoryAsync(Home, "x", 0, Owner, Token)).Outcome);
        Assert.Equal(Outcome.AlreadyExists, (await Store.CreateLinkAsync(Home, "x", "y", Owner, null, Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.CreateDirectoryAsync(long.MaxValue, "x", 0, Owner, Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.CreateLinkAsync(long.MaxValue, "x", "y", Owner, null, Token)).Outcome);
    }

    [Fact]
    public async Task A_walk_stops_at_what_is_missing_no_directory_or_a_link()
    {
        long at = Home;
        string[] deep = [.. Enumerable.Range(0, 70).Select(static i => $"d{i}")];
        foreach (string name in deep)
            at = (await Store.CreateDirectoryAsync(at, name, 0, Owner, Token)).File!.Id;
        Assert.Equal(deep, (await Store.ResolveAsync(Home, deep, Token)).Found.Select(static f => f.Name));
        Assert.Equal(at, (await FindAsync(deep))!.Id);
        Assert.Equal(3, (await Store.ResolveAsync(Home, new[] { "d0", "d1", "d2", "none", "d4" }, Token)).Found.Count);
        await StoreAsync("file", 1);
        Assert.Equal(["file"], (await Store.ResolveAsync(Home, new[] { "file", "x" }, Token)).Found.Select(static f => f.Name));
        await Store.CreateLinkAsync(Home, "link", "/d0/d1", Owner, null, Token);
        FileRow link = Assert.Single((await Store.ResolveAsync(Home, new[] { "link", "d2" }, Token)).Found);
        Assert.Equal("/d0/d1", link.Link);
        Assert.Empty((await Store.ResolveAsync(Home, ReadOnlyMemory<string>.Empty, Token)).Found);
    }

    [Fact]
    public async Task Names_are_listed_in_the_order_of_their_octets()
    {
        string[] names = ["a", "B", "Z", "z", "é", "\uFB01", "\U00010000", "~", "a b", "%", "名", "\uFFFD"];
        foreach (string name in names)
            await StoreAsync(name, 1);
        string[] expected = [.. names.OrderBy(static n => n, Comparer<string>.Create(static (x, y) => System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y))))];
        Assert.Equal(expected, (await ListAsync(Home)).Select(static f => f.Name));
    }

    [Fact]
    public async Task A_listing_has_every_fact_and_spans_pages()
    {
        for (int i = 0; i < 1_003; i++)
            await Store.CreateLinkAsync(Home, $"n{i:d4}", "t", Owner, null, Token);
        FileRow file = await StoreAsync("file", 7, 8);
        List<FileRow> rows = await ListAsync(Home);
        Assert.Equal(1_004, rows.Count);
        Assert.Equal(file with { StorKey = null }, rows[0]);
        Assert.Equal("t", rows[1].Link);
        Assert.Equal(1_004, rows.Select(static r => r.Id).Distinct().Count());
        MetadataException missing = await Assert.ThrowsAsync<MetadataException>(async () => await ListAsync(long.MaxValue));
        Assert.Equal(MetadataError.NotFound, missing.Error);
    }

    [Fact]
    public async Task Every_change_of_an_entry_raises_its_directorys_version_by_one()
    {
        long version = (await Store.GetDirectoryAsync(Home, Token))!.DirectoryVersion;
        Assert.Equal(++version, (await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).DirectoryVersion);
        Assert.Equal(++version, (await Store.PublishAsync(Request(Plan("f"), Cut(Store, 3)), Token)).DirectoryVersion);
        Assert.Equal(++version, (await Store.ChangeFactsAsync(Home, "f", new FactUpdate(Mode: 1), Token)).DirectoryVersion);
        Assert.Equal(++version, (await Store.RenameAsync((await FindAsync("f"))!, Home, "g", Token)).DirectoryVersion);
        Assert.Equal(++version, (await Store.DeleteFileAsync(Home, "g", null, Token)).DirectoryVersion);
        Assert.Equal(++version, (await Store.RemoveDirectoryAsync((await FindAsync("d"))!, Token)).DirectoryVersion);
        await Store.DeleteFileAsync(Home, "none", null, Token);
        await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token);
        await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token);
        Assert.Equal(version + 1, (await Store.GetDirectoryAsync(Home, Token))!.DirectoryVersion);
    }

    [Fact]
    public async Task Facts_change_together_and_only_those_given()
    {
        FileRow before = await StoreAsync("f", 3);
        TreeResult changed = await Store.ChangeFactsAsync(Home, "f", new FactUpdate(ModTime: -5, Mode: 0b111), Token);
        Assert.Equal(before with { ModTime = -5, Mode = 0b111, Version = before.Version + 1 }, changed.File);
        changed = await Store.ChangeFactsAsync(Home, "f", new FactUpdate(BirthTime: 77), Token);
        Assert.Equal(77, changed.File!.BirthTime);
        Assert.Equal(-5, changed.File.ModTime);
        Assert.Equal(Outcome.NotFound, (await Store.ChangeFactsAsync(Home, "none", new FactUpdate(Mode: 1), Token)).Outcome);
    }

    [Fact]
    public async Task Only_files_and_links_are_deleted_as_files()
    {
        await StoreAsync("f", 3);
        await Store.CreateLinkAsync(Home, "l", "f", Owner, null, Token);
        await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token);
        Assert.Equal(new Usage(3, 2), await Store.GetUsageAsync(Owner, Token));
        Assert.Equal(Outcome.Done, (await Store.DeleteFileAsync(Home, "l", null, Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.DeleteFileAsync(Home, "f", null, Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.DeleteFileAsync(Home, "f", null, Token)).Outcome);
        Assert.Equal(Outcome.IsDirectory, (await Store.DeleteFileAsync(Home, "d", null, Token)).Outcome);
        Assert.Equal(["d"], (await ListAsync(Home)).Select(static f => f.Name));
        Assert.Equal(new Usage(0, 0), await Store.GetUsageAsync(Owner, Token));
    }

    [Fact]
    public async Task A_directory_is_removed_only_when_it_is_empty_and_nobodys_home()
    {
        FileRow d = (await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).File!;
        FileRow e = (await Store.CreateDirectoryAsync(d.Id, "e", 0, Owner, Token)).File!;
        Assert.Equal(Outcome.NotEmpty, (await Store.RemoveDirectoryAsync(d, Token)).Outcome);
        string name = "user" + Store.NewKey();
        await Store.SaveAccountAsync(new AccountRow { Name = name, Home = e.Id }, null, null, Token);
        Assert.Equal(Outcome.Busy, (await Store.RemoveDirectoryAsync(e, Token)).Outcome);
        Assert.Equal(Outcome.Busy, (await Store.RemoveTreeAsync(d, Token)).Outcome);
        Assert.True(await Store.DeleteAccountAsync(name, Token));
        Assert.Equal(Outcome.Done, (await Store.RemoveDirectoryAsync(e, Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.RemoveDirectoryAsync(e, Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.RemoveDirectoryAsync(d with { Name = "other" }, Token)).Outcome);
        Assert.Equal(Outcome.NotDirectory, (await Store.RemoveDirectoryAsync(await StoreAsync("f", 1), Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.RemoveDirectoryAsync(d, Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.CreateDirectoryAsync(d.Id, "x", 0, Owner, Token)).Outcome);
    }

    [Fact]
    public async Task A_directory_with_a_rule_in_it_is_neither_removed_nor_renamed()
    {
        FileRow d = (await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).File!;
        FileRow e = (await Store.CreateDirectoryAsync(d.Id, "e", 0, Owner, Token)).File!;
        FileRow free = (await Store.CreateDirectoryAsync(d.Id, "free", 0, Owner, Token)).File!;
        string name = "user" + Store.NewKey();
        await Store.SaveAccountAsync(new AccountRow { Name = name, Home = IMetadataTree.Root, Rules = [new AccountRule(e.Id, 1)] }, null, null, Token);
        Assert.Equal(Outcome.Busy, (await Store.RemoveDirectoryAsync(e, Token)).Outcome);
        Assert.Equal(Outcome.Busy, (await Store.RemoveTreeAsync(e, Token)).Outcome);
        Assert.Equal(Outcome.Busy, (await Store.RemoveTreeAsync(d, Token)).Outcome);
        Assert.Equal(Outcome.Busy, (await Store.RenameAsync(e, Home, "x", Token)).Outcome);
        Assert.Equal(Outcome.Busy, (await Store.RenameAsync(e, d.Id, "x", Token)).Outcome);
        Assert.Equal(Outcome.Busy, (await Store.RenameAsync(d, Home, "x", Token)).Outcome);
        Assert.Equal(["e", "free"], (await ListAsync(d.Id)).Select(static row => row.Name));
        Assert.Equal(Outcome.Done, (await Store.RenameAsync(free, e.Id, "moved", Token)).Outcome);
        Assert.True(await Store.DeleteAccountAsync(name, Token));
        FileRow moved = (await Store.RenameAsync(d, Home, "x", Token)).File!;
        Assert.Equal("x", moved.Name);
        Assert.Equal(Outcome.NotEmpty, (await Store.RemoveDirectoryAsync(e, Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.RemoveTreeAsync(moved, Token)).Outcome);
    }

    [Fact]
    public async Task A_file_is_renamed_over_a_file_at_once()
    {
        FileRow d = (await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).File!;
        FileRow source = await StoreAsync("a", 10);
        await StoreAsync("b", 20);
        TreeResult moved = await Store.RenameAsync(source, Home, "b", Token);
        Assert.Equal(Outcome.Done, moved.Outcome);
        Assert.Equal(source with { Name = "b", Version = moved.File!.Version }, moved.File);
        Assert.Equal(new Usage(10, 1), await Store.GetUsageAsync(Owner, Token));
        moved = await Store.RenameAsync(moved.File, d.Id, "c", Token);
        Assert.Equal(d.Id, moved.File!.Directory);
        Assert.Equal((await Store.GetDirectoryAsync(Home, Token))!.DirectoryVersion, moved.DirectoryVersion);
        Assert.Equal((await Store.GetDirectoryAsync(d.Id, Token))!.DirectoryVersion, moved.TargetVersion);
        Assert.Null(await FindAsync("b"));
        Assert.Equal("0+10@0/10", Map((await Store.ReadContentAsync(d.Id, "c", 0, 10, Token))!.Extents));
        Assert.Equal(Outcome.Done, (await Store.RenameAsync(moved.File, d.Id, "c", Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.RenameAsync(source, Home, "z", Token)).Outcome);
        Assert.Equal(Outcome.IsDirectory, (await Store.RenameAsync(moved.File, Home, "d", Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.RenameAsync(moved.File, long.MaxValue, "d", Token)).Outcome);
    }

    [Fact]
    public async Task A_directory_moves_with_all_it_holds_but_never_into_itself_or_over_anything()
    {
        FileRow a = (await Store.CreateDirectoryAsync(Home, "a", 0, Owner, Token)).File!;
        FileRow b = (await Store.CreateDirectoryAsync(a.Id, "b", 0, Owner, Token)).File!;
        FileRow c = (await Store.CreateDirectoryAsync(Home, "c", 0, Owner, Token)).File!;
        await StoreAsync("f", 1);
        Assert.Equal(Outcome.IntoItself, (await Store.RenameAsync(a, b.Id, "x", Token)).Outcome);
        Assert.Equal(Outcome.IntoItself, (await Store.RenameAsync(a, a.Id, "x", Token)).Outcome);
        Assert.Equal(Outcome.AlreadyExists, (await Store.RenameAsync(a, Home, "f", Token)).Outcome);
        Assert.Equal(Outcome.IsDirectory, (await Store.RenameAsync(a, Home, "c", Token)).Outcome);
        TreeResult moved = await Store.RenameAsync(a, c.Id, "a2", Token);
        Assert.Equal(Outcome.Done, moved.Outcome);
        Assert.Equal(b.Id, (await FindAsync("c", "a2", "b"))!.Id);
        Assert.Equal(Outcome.NotFound, (await Store.RenameAsync(a, Home, "x", Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.RenameAsync(moved.File!, c.Id, "a3", Token)).Outcome);
    }

    [Fact]
    public async Task Nothing_is_put_into_a_tree_that_was_removed()
    {
        FileRow top = (await Store.CreateDirectoryAsync(Home, "top", 0, Owner, Token)).File!;
        FileRow sub = (await Store.CreateDirectoryAsync(top.Id, "sub", 0, Owner, Token)).File!;
        FileRow old = (await Store.PublishAsync(Request(Plan("old") with { Directory = sub.Id }, Cut(Store, 4)), Token)).File!;
        old = (await Store.ReadContentAsync(sub.Id, "old", 0, 1, Token))!.File;
        FileRow outside = await StoreAsync("outside", 4);
        FileRow directory = (await Store.CreateDirectoryAsync(Home, "directory", 0, Owner, Token)).File!;
        UploadPlan journalled = Plan("long") with { Directory = sub.Id };
        Assert.True(await Store.JournalAsync(journalled, Cut(Store, 4), Token));
        Assert.Equal(Outcome.Done, (await Store.RemoveTreeAsync(top, Token)).Outcome);

        await RefusedAsync(Outcome.NotFound, Plan("new") with { Directory = sub.Id });
        await RefusedAsync(Outcome.NotFound, Plan("old") with { Directory = sub.Id });
        await RefusedAsync(Outcome.NotFound, Plan("old", UploadKind.Append, old) with { Directory = sub.Id });
        await RefusedAsync(Outcome.NotFound, Plan("old", UploadKind.Overwrite, old) with { Directory = sub.Id });
        Assert.Equal(Outcome.NotFound, (await Store.PublishAsync(Request(journalled, [], 4), Token)).Outcome);
        Assert.False((await Store.AbandonAsync(Request(journalled with { KeepPartial = true }, [], 4), true, Token)).Kept);
        Assert.Equal(Outcome.NotFound, (await Store.CreateDirectoryAsync(sub.Id, "d", 0, Owner, Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.CreateLinkAsync(sub.Id, "l", "x", Owner, null, Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.RenameAsync(outside, sub.Id, "f", Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.RenameAsync(directory, sub.Id, "f", Token)).Outcome);
        Assert.Equal(Outcome.NotFound, (await Store.RenameAsync(old, sub.Id, "older", Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.RenameAsync(outside, directory.Id, "f", Token)).Outcome);
        Assert.NotNull(await FindAsync("directory"));
        while ((await Store.ReapAsync(Token)).More)
        {
        }
        Assert.Equal(new Usage(4, 1), await Store.GetUsageAsync(Owner, Token));
    }

    [Fact]
    public async Task A_removed_tree_vanishes_at_once_and_is_emptied_in_steps()
    {
        FileRow top = (await Store.CreateDirectoryAsync(Home, "top", 0, Owner, Token)).File!;
        FileRow sub = (await Store.CreateDirectoryAsync(top.Id, "sub", 0, Owner, Token)).File!;
        for (int i = 0; i < 300; i++)
            Assert.Equal(Outcome.Done, (await Store.PublishAsync(Request(Plan($"f{i}") with { Directory = i % 2 == 0 ? top.Id : sub.Id }, Cut(Store, 4)), Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.RemoveTreeAsync(top, Token)).Outcome);
        Assert.Null(await FindAsync("top"));
        Assert.Equal(Outcome.NotFound, (await Store.RemoveTreeAsync(top, Token)).Outcome);
        int entries = 0;
        for (ReapResult step = await Store.ReapAsync(Token); step.More; step = await Store.ReapAsync(Token))
            entries += step.Entries;
        Assert.True(entries >= 302, $"{entries}");
        Assert.Null(await Store.GetDirectoryAsync(sub.Id, Token));
        Assert.Equal(new Usage(0, 0), await Store.GetUsageAsync(Owner, Token));
        Assert.Equal(300, (await CollectAllAsync(TimeSpan.FromHours(1))).Count);
    }
}
