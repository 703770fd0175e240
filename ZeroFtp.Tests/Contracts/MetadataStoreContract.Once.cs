using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

/// <content>Answers that are lost: a unit that is sent again, or arrives late, undoes, destroys and claims nothing that others did since.</content>
public abstract partial class MetadataStoreContract
{
    private (SqlMetadataStore Store, LosingRunner Runner) OpenLosing()
    {
        LosingRunner runner = new(OpenRunner(Options("losing")));
        return (new SqlMetadataStore(runner, Options("losing")), runner);
    }

    private async Task<FileRow> RowAsync(IMetadataStore store, string name) => (await store.ReadContentAsync(Home, name, 0, 1, Token))!.File;

    private static async Task<string[]> NamesAsync(IMetadataStore store, long directory)
    {
        List<string> names = [];
        await foreach (ReadOnlyMemory<FileRow> page in store.ListAsync(directory, Token))
        {
            foreach (FileRow row in page.Span)
                names.Add(row.Name);
        }
        return [.. names];
    }

    [Fact]
    public async Task A_file_whose_rename_was_answered_to_nobody_is_not_moved_over_what_was_stored_since()
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        FileRow a = await StoreAsync("a", 5);
        runner.LoseNext(async () =>
        {
            Assert.Equal(Outcome.Done, (await losing.RenameAsync(await RowAsync(losing, "b"), Home, "a", Token)).Outcome);
            Assert.Equal(Outcome.Done, (await losing.PublishAsync(Request(Plan("b") with { Server = Store.ServerId }, Cut(losing, 7)), Token)).Outcome);
        });
        Assert.Equal(Outcome.Done, (await losing.RenameAsync(a, Home, "b", Token)).Outcome);
        Assert.Equal((5L, 7L), ((await RowAsync(losing, "a")).Size, (await RowAsync(losing, "b")).Size));
    }

    [Fact]
    public async Task A_directory_whose_rename_was_answered_to_nobody_is_not_moved_again()
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        FileRow a = (await Store.CreateDirectoryAsync(Home, "a", 0, Owner, Token)).File!;
        runner.LoseNext(async () => Assert.Equal(Outcome.Done, (await losing.RenameAsync(await RowAsync(losing, "b"), Home, "a", Token)).Outcome));
        Assert.Equal(Outcome.Done, (await losing.RenameAsync(a, Home, "b", Token)).Outcome);
        Assert.Equal(["a"], await NamesAsync(losing, Home));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rename_that_was_done_is_done_also_if_the_entry_was_moved_on(bool isDirectory)
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        FileRow a = isDirectory ? (await Store.CreateDirectoryAsync(Home, "a", 0, Owner, Token)).File! : await StoreAsync("a", 5);
        runner.LoseNext(async () => Assert.Equal(Outcome.Done, (await losing.RenameAsync(await RowAsync(losing, "b"), Home, "c", Token)).Outcome));
        TreeResult result = await losing.RenameAsync(a, Home, "b", Token);
        Assert.Equal((Outcome.Done, "b", 0L), (result.Outcome, result.File!.Name, result.DirectoryVersion));
        Assert.Equal(["c"], await NamesAsync(losing, Home));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_made_and_removed_by_somebody_does_not_come_back(bool isLink)
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        runner.LoseNext(async () => await RemoveAsync(losing, "x"));
        Assert.Equal(Outcome.Done, (await MakeAsync(losing, "x", isLink)).Outcome);
        Assert.Empty(await NamesAsync(losing, Home));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_made_late_after_it_was_refused_or_made_again_is_not_made(bool isLink)
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        runner.DelayNext(async () => await MakeAsync(losing, "x", isLink));
        Assert.Equal(Outcome.AlreadyExists, (await MakeAsync(losing, "x", isLink)).Outcome);
        await RemoveAsync(losing, "x");
        await runner.ArriveAsync();
        Assert.Empty(await NamesAsync(losing, Home));

        runner.DelayNext(() => Task.CompletedTask);
        Assert.Equal(Outcome.Done, (await MakeAsync(losing, "x", isLink)).Outcome);
        await RemoveAsync(losing, "x");
        await MakeAsync(losing, "other", isLink);
        await runner.ArriveAsync();
        Assert.Equal(["other"], await NamesAsync(losing, Home));
    }

    private ValueTask<TreeResult> MakeAsync(IMetadataStore store, string name, bool isLink) =>
        isLink ? store.CreateLinkAsync(Home, name, "t", Owner, null, Token) : store.CreateDirectoryAsync(Home, name, 0, Owner, Token);

    private async Task RemoveAsync(IMetadataStore store, string name)
    {
        FileRow row = await RowAsync(store, name);
        TreeResult removed = row.IsDirectory ? await store.RemoveDirectoryAsync(row, Token) : await store.DeleteFileAsync(Home, name, row, Token);
        Assert.Equal(Outcome.Done, removed.Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_who_remove_a_directory_one_has_done_it(bool withContent)
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        FileRow d = (await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).File!;
        runner.DelayNext(async () => Assert.Equal(Outcome.Done, (await RemoveAsync(losing, d, withContent)).Outcome));
        Assert.Equal(Outcome.NotFound, (await RemoveAsync(losing, d, withContent)).Outcome);
        d = (await losing.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).File!;
        runner.LoseNext(async () => Assert.Equal(Outcome.Done, (await losing.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).Outcome));
        Assert.Equal(Outcome.Done, (await RemoveAsync(losing, d, withContent)).Outcome);
        Assert.Equal(["d"], await NamesAsync(losing, Home));
    }

    private static ValueTask<TreeResult> RemoveAsync(IMetadataStore store, FileRow directory, bool withContent) =>
        withContent ? store.RemoveTreeAsync(directory, Token) : store.RemoveDirectoryAsync(directory, Token);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_removal_whose_answer_was_lost_leaves_what_was_stored_since(bool exactly)
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        await StoreAsync("f", 5);
        FileRow known = await RowAsync(losing, "f");
        runner.LoseNext(async () => Assert.Equal(Outcome.Done, (await losing.PublishAsync(Request(Plan("f") with { Server = Store.ServerId }, Cut(losing, 7)), Token)).Outcome));
        Assert.Equal(Outcome.Done, (await losing.DeleteFileAsync(Home, "f", exactly ? known : null, Token)).Outcome);
        Assert.Equal(7, (await RowAsync(losing, "f")).Size);
        known = await RowAsync(losing, "f");
        runner.DelayNext(async () => await RemoveAsync(losing, "f"));
        Assert.Equal(Outcome.NotFound, (await losing.DeleteFileAsync(Home, "f", exactly ? known : null, Token)).Outcome);
    }

    [Fact]
    public async Task Facts_that_others_changed_since_stay_as_they_are()
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        await StoreAsync("f", 5);
        runner.LoseNext(async () => await losing.ChangeFactsAsync(Home, "f", new FactUpdate(ModTime: 8), Token));
        Assert.Equal(Outcome.Done, (await losing.ChangeFactsAsync(Home, "f", new FactUpdate(ModTime: 7), Token)).Outcome);
        Assert.Equal(8, (await RowAsync(losing, "f")).ModTime);
        runner.LoseNext(async () => await RemoveAsync(losing, "f"));
        Assert.Equal(Outcome.Done, (await losing.ChangeFactsAsync(Home, "f", new FactUpdate(Mode: 7), Token)).Outcome);
    }

    [Theory]
    [InlineData("replaced")]
    [InlineData("removed")]
    [InlineData("moved")]
    public async Task An_upload_whose_answer_was_lost_is_published_once(string since)
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        runner.LoseNext(async () =>
        {
            switch (since)
            {
                case "replaced":
                    Assert.Equal(Outcome.Done, (await losing.PublishAsync(Request(Plan("f") with { Server = Store.ServerId }, Cut(losing, 7)), Token)).Outcome);
                    break;
                case "removed":
                    await RemoveAsync(losing, "f");
                    break;
                default:
                    Assert.Equal(Outcome.Done, (await losing.RenameAsync(await RowAsync(losing, "f"), Home, "g", Token)).Outcome);
                    break;
            }
        });
        UploadPlan plan = Plan("f") with { Server = Store.ServerId };
        Assert.Equal(Outcome.Done, (await losing.PublishAsync(Request(plan, Cut(losing, 5)), Token)).Outcome);
        Assert.Equal(since == "replaced" ? 7 : null, (await losing.ReadContentAsync(Home, "f", 0, 1, Token))?.File.Size);
        Assert.Equal(since == "moved" ? ["g"] : since == "replaced" ? ["f"] : [], await NamesAsync(losing, Home));
    }

    [Fact]
    public async Task An_account_stays_as_others_left_it()
    {
        (SqlMetadataStore losing, LosingRunner runner) = OpenLosing();
        await using SqlMetadataStore store = losing;
        AccountRow account = new() { Name = "user" + Store.NewKey(), Home = Home, PasswordHash = "one", Settings = "{}" };
        runner.LoseNext(async () => Assert.True(await losing.DeleteAccountAsync(account.Name, Token)));
        Assert.Equal(Outcome.Done, await losing.SaveAccountAsync(account, false, null, Token));
        Assert.Null(await losing.FindAccountAsync(account.Name, Token));

        Assert.Equal(Outcome.Done, await losing.SaveAccountAsync(account, false, null, Token));
        runner.LoseNext(async () => Assert.True(await losing.SetPasswordAsync(account.Name, "three", null, Token)));
        Assert.True(await losing.SetPasswordAsync(account.Name, "two", null, Token));
        Assert.Equal("three", (await losing.FindAccountAsync(account.Name, Token))!.PasswordHash);

        runner.LoseNext(async () => Assert.Equal(Outcome.Done, await losing.SaveAccountAsync(account with { Settings = "{ }" }, true, "{  }", Token)));
        Assert.Equal(Outcome.Done, await losing.SaveAccountAsync(account with { Settings = "{  }" }, true, "{}", Token));
        Assert.Equal("{ }", (await losing.FindAccountAsync(account.Name, Token))!.Settings);
        Assert.Equal(Outcome.Conflict, await losing.SaveAccountAsync(account, true, "{  }", Token));

        runner.LoseNext(async () => Assert.Equal(Outcome.Done, await losing.SaveAccountAsync(account, false, null, Token)));
        Assert.True(await losing.DeleteAccountAsync(account.Name, Token));
        Assert.NotNull(await losing.FindAccountAsync(account.Name, Token));
        runner.DelayNext(async () => Assert.True(await losing.DeleteAccountAsync(account.Name, Token)));
        Assert.False(await losing.DeleteAccountAsync(account.Name, Token));
    }

    [Theory]
    [InlineData("rename a file")]
    [InlineData("rename a directory")]
    [InlineData("remove a directory")]
    [InlineData("remove a tree")]
    [InlineData("delete")]
    [InlineData("delete exactly")]
    [InlineData("make a directory")]
    [InlineData("make a link")]
    public async Task Of_many_who_do_the_same_at_once_one_has_done_it(string what)
    {
        for (int round = 0; round < 5; round++)
        {
            FileRow file = await StoreAsync($"f{round}", 3), directory = (await Store.CreateDirectoryAsync(Home, $"d{round}", 0, Owner, Token)).File!;
            string name = $"new{round}";
            Task<TreeResult>[] all = [.. Enumerable.Range(0, 6).Select(_ => Task.Run(async () => await ActAsync(file, directory, name)))];
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Token);
            Task time = PassAsync(end.Token);
            TreeResult[] results = await Task.WhenAll(all);
            await end.CancelAsync();
            await time;
            Assert.Single(results, static r => r.Outcome == Outcome.Done);
            Assert.All(results, static r => Assert.True(r.Outcome is Outcome.Done or Outcome.NotFound or Outcome.AlreadyExists, r.Outcome.ToString()));
        }

        ValueTask<TreeResult> ActAsync(FileRow file, FileRow directory, string name) => what switch
        {
            "rename a file" => Store.RenameAsync(file, Home, name, Token),
            "rename a directory" => Store.RenameAsync(directory, Home, name, Token),
            "remove a directory" => Store.RemoveDirectoryAsync(directory, Token),
            "remove a tree" => Store.RemoveTreeAsync(directory, Token),
            "delete" => Store.DeleteFileAsync(Home, file.Name, null, Token),
            "delete exactly" => Store.DeleteFileAsync(Home, file.Name, file, Token),
            "make a directory" => Store.CreateDirectoryAsync(Home, name, 0, Owner, Token),
            _ => Store.CreateLinkAsync(Home, name, "t", Owner, null, Token),
        };
    }

    [Fact]
    public async Task An_entry_that_changed_since_it_was_looked_up_is_not_moved()
    {
        FileRow known = await StoreAsync("a", 5);
        await StoreAsync("a", 6);
        Assert.Equal(Outcome.Conflict, (await Store.RenameAsync(known, Home, "b", Token)).Outcome);
        Assert.Equal(Outcome.Done, (await Store.RenameAsync((await ContentAsync("a")).File, Home, "b", Token)).Outcome);
        FileRow d = (await Store.CreateDirectoryAsync(Home, "d", 0, Owner, Token)).File!;
        await Store.ChangeFactsAsync(Home, "d", new FactUpdate(Mode: 1), Token);
        Assert.Equal(Outcome.Conflict, (await Store.RenameAsync(d, Home, "e", Token)).Outcome);
    }
}
