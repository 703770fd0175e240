namespace ZeroFtp.Tests.Faults.History;

/// <summary>What the checker takes for right and for wrong, where the path of an operation and the directory that it found part.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly NameTree Start = NameTree.Empty.Set("a", "").Set("c", "");

    [Fact]
    public void An_upload_may_go_with_its_directory() => Assert.True(IsExplained(
        Operation(0, HistoryVerb.Store, "a/f", "[new]", 10, 60),
        Operation(1, HistoryVerb.Rename, "a", "b", 20, 30),
        Operation(1, HistoryVerb.Store, "a", "[file]", 40, 50),
        Operation(1, HistoryVerb.Read, "b/f", "[new]", 70, 80)));

    [Fact]
    public void An_upload_may_go_with_its_directory_twice() => Assert.True(IsExplained(
        Operation(0, HistoryVerb.Append, "a/f", "[new]", 10, 60),
        Operation(1, HistoryVerb.Rename, "a", "b", 20, 30),
        Operation(1, HistoryVerb.Rename, "b", "d", 40, 50),
        Operation(1, HistoryVerb.Read, "d/f", "[new]", 70, 80)));

    [Fact]
    public void An_upload_that_began_later_goes_by_its_path() => Assert.False(IsExplained(
        Operation(1, HistoryVerb.Rename, "a", "b", 20, 30),
        Operation(0, HistoryVerb.Store, "a/f", "[new]", 40, 60),
        Operation(1, HistoryVerb.Read, "b/f", "[new]", 70, 80)));

    [Fact]
    public void An_upload_does_not_go_where_another_directory_went() => Assert.False(IsExplained(
        Operation(0, HistoryVerb.Store, "a/f", "[new]", 10, 60),
        Operation(1, HistoryVerb.Rename, "c", "b", 20, 30),
        Operation(1, HistoryVerb.Read, "b/f", "[new]", 70, 80)));

    [Fact]
    public void A_rename_may_go_with_the_directory_of_its_source() => Assert.True(IsExplained(
        Operation(0, HistoryVerb.Store, "a/f", "[file]", 1, 5),
        Operation(1, HistoryVerb.Remove, "c", "", 6, 8),
        Operation(1, HistoryVerb.Rename, "a", "c", 10, 40),
        Operation(0, HistoryVerb.Rename, "a/f", "a", 30, 60),
        Operation(1, HistoryVerb.Read, "a", "[file]", 70, 80)));

    [Fact]
    public void A_rename_that_began_later_goes_by_its_path() => Assert.False(IsExplained(
        Operation(0, HistoryVerb.Store, "a/f", "[file]", 1, 5),
        Operation(1, HistoryVerb.Remove, "c", "", 6, 8),
        Operation(1, HistoryVerb.Rename, "a", "c", 10, 40),
        Operation(0, HistoryVerb.Rename, "a/f", "a", 50, 60)));

    [Fact]
    public void A_deletion_may_go_with_its_directory() => Assert.True(IsExplained(
        Operation(0, HistoryVerb.Store, "a/f", "[file]", 1, 5),
        Operation(0, HistoryVerb.Delete, "a/f", "", 10, 60),
        Operation(1, HistoryVerb.Rename, "a", "b", 20, 30),
        Operation(1, HistoryVerb.Read, "b/f", "[file]", 40, 50)));

    private static bool? IsExplained(params HistoryOperation[] operations) => HistoryChecker.Check(operations, Start).IsExplained;

    private static HistoryOperation Operation(int client, HistoryVerb verb, string path, string value, long began, long ended) =>
        new() { Client = client, Verb = verb, Path = path, Value = value, Began = began, Ended = ended, End = HistoryEnd.Done };
}
