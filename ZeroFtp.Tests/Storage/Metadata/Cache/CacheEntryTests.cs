using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;

namespace ZeroFtp.Tests.Storage.Metadata.Cache;

public sealed class CacheEntryTests
{
    private static readonly FileRow Row = new() { Id = 9, Directory = 7, Name = "x", Owner = "o" };

    [Fact]
    public void Content_with_a_gap_in_its_changes_is_not_shown_and_not_read_anew()
    {
        CacheEntry entry = new();
        Assert.False(entry.IsCatchingUp);
        entry.Install(new DirectoryBuilder(7).Build(1));
        Assert.NotNull(entry.Directory);

        entry.Apply(3, static d => d.With(Row, 3));
        Assert.Null(entry.Directory);
        Assert.True(entry.IsCatchingUp);

        entry.Apply(2, static d => d.With(Row with { Name = "y" }, 2));
        Assert.False(entry.IsCatchingUp);
        Assert.Equal((3L, 2), (entry.Directory!.Version, entry.Directory.Count));
    }

    /// <summary>What is installed into an entry that has been evicted meanwhile would be counted for ever.</summary>
    [Fact]
    public void Nothing_is_installed_into_an_entry_that_was_removed()
    {
        CacheEntry entry = new();
        long bytes = entry.Install(new DirectoryBuilder(7).Build(1));
        Assert.InRange(bytes, 1, long.MaxValue);
        Assert.Equal(-bytes, entry.Remove());
        Assert.Equal(0, entry.Install(new DirectoryBuilder(7).Build(2)));
        Assert.Null(entry.Directory);
    }

    [Fact]
    public void A_gap_that_does_not_close_ends_in_reading_anew()
    {
        CacheEntry entry = new();
        entry.Install(new DirectoryBuilder(7).Build(1));
        for (long version = 3; entry.IsCatchingUp || version == 3; version++)
        {
            Assert.InRange(version, 3, 1_000);
            long v = version;
            entry.Apply(v, d => d.With(Row, v));
        }
        Assert.Null(entry.Directory);
    }
}
