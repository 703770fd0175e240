using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Driver;
using ListingData = ZeroFtp.Protocol.Listing.Listing;

namespace ZeroFtp.Tests.Protocol.Listing;

public sealed class ListingTests
{
    private static readonly string[] DocsNames = [" lead", "-l", "20200102030405 f", "a*b", "a.txt", "crlf.txt", "mixed.txt", "q\"uote", "sp ace.txt", "trail ", "ünï.txt"];
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2020, 8, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryTree _tree;

    public ListingTests() => _tree = MemoryFixture.CreateTree(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "/docs", "")]
    [InlineData(".", "/docs", "")]
    [InlineData("docs", "/", "docs/")]
    [InlineData("docs/", "/", "docs/")]
    [InlineData("/docs", "/up", "/docs/")]
    [InlineData("../docs", "/up", "../docs/")]
    [InlineData("dlink", "/", "dlink/")]
    public async Task Names_can_be_used_as_arguments_as_they_are(string argument, string directory, string prefix)
    {
        string[] lines = await LinesAsync(ListingVerb.Names, argument, directory);
        Assert.Equal(DocsNames.Select(name => prefix + name), lines);
        MemoryDriver driver = new(_tree);
        foreach (string line in lines)
            Assert.True(FtpPath.Parse(directory).TryResolve(line, out FtpPath path) && await driver.GetFileInfoAsync(path, Token) is not null, line);
    }

    [Fact]
    public async Task List_has_a_line_for_each_member()
    {
        Assert.Equal(
            [
                "-rw-r--r--   1 ftp      ftp          10485760 Aug  1 12:00 big.bin",
                "-rw-r--r--   1 ftp      ftp               256 Aug  1 12:00 bin.dat",
                "lrwxrwxrwx   1 ftp      ftp                 7 Aug  1 12:00 broken -> nowhere",
                "lrwxrwxrwx   2 ftp      ftp                 4 Aug  1 12:00 dlink -> docs",
                "drwxr-xr-x   2 ftp      ftp                 0 Aug  1 12:00 docs",
                "drwxr-xr-x   2 ftp      ftp                 0 Aug  1 12:00 empty",
                "lrwxrwxrwx   1 ftp      ftp                10 Jan  2  2020 link -> docs/a.txt",
                "--w-------   1 ftp      ftp                 2 Aug  1 12:00 noread.txt",
                "-r--r--r--   1 ftp      ftp                 2 Aug  1 12:00 ro.txt",
                "drwxr-xr-x   2 ftp      ftp                 0 Aug  1 12:00 up",
                "-rw-r--r--   1 ftp      ftp                 0 Aug  1 12:00 zero",
            ],
            await LinesAsync(ListingVerb.List, ""));
    }

    [Fact]
    public async Task Going_there_first_makes_no_difference() =>
        Assert.Equal(await LinesAsync(ListingVerb.List, "docs"), await LinesAsync(ListingVerb.List, "", "/docs"));

    [Theory]
    [InlineData(ListingVerb.List, "docs/a.txt", "/", "docs/a.txt")]
    [InlineData(ListingVerb.List, "-a docs/sp ace.txt", "/", "docs/sp ace.txt")]
    [InlineData(ListingVerb.List, "-- -l", "/docs", "-l")]
    [InlineData(ListingVerb.List, "./-l", "/docs", "./-l")]
    [InlineData(ListingVerb.List, "-d docs", "/", "docs")]
    [InlineData(ListingVerb.List, "-d", "/docs", ".")]
    [InlineData(ListingVerb.List, "docs/a*b", "/", "docs/a*b")]
    [InlineData(ListingVerb.Names, "docs/a.txt", "/", "docs/a.txt")]
    [InlineData(ListingVerb.Names, "-F -d docs", "/", "docs/")]
    [InlineData(ListingVerb.Names, "docs/.hidden", "/", "docs/.hidden")]
    internal async Task One_object_is_one_line_that_echoes_the_argument(ListingVerb verb, string argument, string directory, string name)
    {
        string line = Assert.Single(await LinesAsync(verb, argument, directory));
        Assert.EndsWith(verb == ListingVerb.Names ? name : "20 " + name, line.Replace("12:00", " 2020", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-a", ". .. .hidden")]
    [InlineData("-A", ".hidden")]
    [InlineData("", "")]
    public async Task Dot_files_are_listed_on_request(string options, string expected)
    {
        string[] dots = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(dots, (await LinesAsync(ListingVerb.Names, options, "/docs")).Where(name => name.StartsWith('.')));
        Assert.Equal(dots.Length, (await LinesAsync(ListingVerb.List, options + " docs".TrimStart(options.Length == 0 ? ' ' : '\0'))).Length - DocsNames.Length);
    }

    [Fact]
    public async Task Dot_files_are_listed_always_or_never_if_so_configured()
    {
        Assert.Contains(".hidden", await LinesAsync(ListingVerb.Names, "", "/docs", new FtpListingOptions { DotFiles = FtpDotFiles.Always }));
        FtpListingOptions never = new() { DotFiles = FtpDotFiles.Never };
        Assert.DoesNotContain(await LinesAsync(ListingVerb.Names, "-a", "/docs", never), name => name.StartsWith('.'));
        Assert.Empty(await LinesAsync(ListingVerb.Names, ".h*", "/docs", never));
        Assert.DoesNotContain(await LinesAsync(ListingVerb.Machine, "", "/docs", never), line => line.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Machine_listings_begin_with_the_directory_and_its_parent()
    {
        string[] lines = await LinesAsync(ListingVerb.Machine, "docs", facts: MlstFacts.Type | MlstFacts.Size);
        Assert.Equal(["type=cdir; .", "type=pdir; .."], lines[..2]);
        Assert.Equal(["type=file;size=2;  lead", "type=file;size=2; -l", "type=file;size=2; .hidden"], lines[2..5]);
        Assert.Contains("type=dir; q\"uote", lines);
        Assert.Equal(DocsNames.Length + 3, lines.Length);
    }

    [Fact]
    public async Task Machine_listings_of_the_root_have_no_parent_and_without_types_neither()
    {
        string[] lines = await LinesAsync(ListingVerb.Machine, "", facts: MlstFacts.Type);
        Assert.Equal(["type=cdir; .", "type=file; big.bin", "type=file; bin.dat", "type=OS.unix=symlink; broken", "type=OS.unix=symlink; dlink"], lines[..5]);
        Assert.DoesNotContain(lines, line => line.StartsWith("type=pdir", StringComparison.Ordinal));
        Assert.Equal([" -l", " .hidden"], (await LinesAsync(ListingVerb.Machine, "docs", facts: MlstFacts.None))[1..3]);
    }

    [Theory]
    [InlineData(ListingVerb.List, "nope", FtpError.NotFound)]
    [InlineData(ListingVerb.Names, "nope", FtpError.NotFound)]
    [InlineData(ListingVerb.List, "~", FtpError.NotFound)]
    [InlineData(ListingVerb.Machine, "docs/a*", FtpError.NotFound)]
    [InlineData(ListingVerb.Machine, "-a", FtpError.NotFound)]
    [InlineData(ListingVerb.Machine, "docs/a.txt", FtpError.NotADirectory)]
    [InlineData(ListingVerb.List, "docs/a.txt/", FtpError.NotADirectory)]
    [InlineData(ListingVerb.List, "locked", FtpError.PermissionDenied)]
    internal async Task What_cannot_be_listed_is_refused_on_opening(ListingVerb verb, string argument, FtpError error)
    {
        _tree.AddDirectory("/locked", mode: 0b011_000_000);
        ListingRequest request = Request(verb, argument);
        Assert.Equal(error, (await Assert.ThrowsAsync<FtpDriverException>(async () => await ListingData.OpenAsync(request, Token))).Error);
    }

    [Fact]
    public async Task A_session_without_the_right_to_list_lists_nothing()
    {
        ListingRequest request = Request(ListingVerb.List, "") with { Permissions = FtpPermissions.All & ~FtpPermissions.List };
        Assert.Equal(FtpError.PermissionDenied, (await Assert.ThrowsAsync<FtpDriverException>(async () => await ListingData.OpenAsync(request, Token))).Error);
    }

    [Theory]
    [InlineData("docs/*.txt", "docs/a.txt docs/crlf.txt docs/mixed.txt docs/sp_ace.txt docs/ünï.txt")]
    [InlineData("docs/*.zip", "")]
    [InlineData("nope/*", "")]
    [InlineData("/d*/a.txt", "/dlink/a.txt /docs/a.txt")]
    [InlineData("d*", "dlink docs")]
    [InlineData("*/../d*s", "dlink/../docs docs/../docs empty/../docs up/../docs")]
    [InlineData("docs/.*", "docs/.hidden")]
    [InlineData("e*/", "empty")]
    [InlineData("z*/", "")]
    public async Task Patterns_are_expanded(string pattern, string expected) =>
        Assert.Equal(expected, string.Join(' ', (await LinesAsync(ListingVerb.Names, pattern)).Select(name => name.Replace(' ', '_'))));

    [Fact]
    public async Task Patterns_list_directories_as_entries()
    {
        string[] lines = await LinesAsync(ListingVerb.List, "d*");
        Assert.Equal(["lrwxrwxrwx   2 ftp      ftp                 4 Aug  1 12:00 dlink -> docs", "drwxr-xr-x   2 ftp      ftp                 0 Aug  1 12:00 docs"], lines);
    }

    [Fact]
    public async Task Listings_are_sorted_on_request()
    {
        MemoryTree tree = new(_time);
        tree.AddFile("/a", new byte[2], new DateTime(2020, 1, 3, 0, 0, 0, DateTimeKind.Utc));
        tree.AddFile("/b", new byte[3], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        tree.AddFile("/c", new byte[1], new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        tree.AddFile("/d", new byte[1], new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        foreach ((string options, string expected) in new[] { ("-t", "a c d b"), ("-tr", "b d c a"), ("-S", "b a c d"), ("-Sr", "d c a b"), ("-r", "d c b a"), ("", "a b c d") })
            Assert.Equal(expected, string.Join(' ', await LinesAsync(ListingVerb.Names, options, tree: tree)));
        Assert.Equal("a b c d", string.Join(' ', await LinesAsync(ListingVerb.Names, "-r", tree: tree, options: new FtpListingOptions { MaxSortedEntries = 2 })));
    }

    [Fact]
    public async Task Recursion_lists_directories_below_with_headings()
    {
        MemoryTree tree = SmallTree();
        string text = string.Join('|', (await LinesAsync(ListingVerb.List, "-R1", tree: tree)).Select(line => line));
        Assert.Equal("d|f|g||./d:|e|x||./d/e:|y||./g:", text);
        Assert.Equal("d|f|g||/d:|e|x||/d/e:|y||/g:", string.Join('|', await LinesAsync(ListingVerb.List, "-R1 /", tree: tree)));
        Assert.Equal("e|x||d/e:|y", string.Join('|', await LinesAsync(ListingVerb.List, "-R1 d", tree: tree)));
        Assert.Equal("d|f|g|./d/e|./d/x|./d/e/y", string.Join('|', await LinesAsync(ListingVerb.Names, "-R", tree: tree)));
        Assert.Equal("d|f|g", string.Join('|', await LinesAsync(ListingVerb.Names, "-R", tree: tree, options: new FtpListingOptions { AllowRecursion = false })));
    }

    [Fact]
    public async Task Recursion_is_bounded()
    {
        MemoryTree tree = SmallTree();
        tree.AddLink("/d/loop", "/");
        Assert.Equal("d|f|g||./d:|e|loop|x||./d/e:|y||./g:", string.Join('|', await LinesAsync(ListingVerb.List, "-R1", tree: tree)));
        Assert.Equal("d|f|g||./d:|e|loop|x||./g:", string.Join('|', await LinesAsync(ListingVerb.List, "-R1", tree: tree, options: new FtpListingOptions { MaxDepth = 1 })));
        foreach (FtpListingOptions options in new[] { new FtpListingOptions { MaxDirectories = 1 }, new FtpListingOptions { MaxEntries = 5 } })
        {
            await using ListingData listing = await ListingData.OpenAsync(Request(ListingVerb.List, "-R1", tree: tree, options: options), Token);
            string text = await CopyAsync(listing);
            Assert.True(listing.IsCut);
            Assert.StartsWith("d\r\nf\r\ng\r\n\r\n./d:\r\ne\r\nloop\r\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("y", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Patterns_are_bounded()
    {
        MemoryTree tree = new();
        for (int index = 0; index < 1000; index++)
            tree.AddDirectory($"/d{index % 10}/{index / 10 % 10}/{index / 100}/e");
        await using ListingData listing = await ListingData.OpenAsync(Request(ListingVerb.Names, "*/*/*/*/*/*", tree: tree, options: new FtpListingOptions { MaxDirectories = 50 }), Token);
        Assert.Equal("", await CopyAsync(listing));
        Assert.True(listing.IsCut);
    }

    [Fact]
    public async Task A_time_limit_cuts_what_could_take_long()
    {
        MemoryTree tree = new();
        for (int index = 0; index < 1000; index++)
            tree.AddFile($"/f{index:000}", []);
        FakeTimeProvider time = new() { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        await using ListingData listing = await ListingData.OpenAsync(Request(ListingVerb.Names, "f*", tree: tree, options: new FtpListingOptions { MaxDuration = TimeSpan.FromSeconds(5) }) with { Time = time }, Token);
        int lines = (await CopyAsync(listing)).Count(letter => letter == '\n');
        Assert.InRange(lines, 64, 999);
        Assert.True(listing.IsCut);
    }

    [Fact]
    public async Task Status_is_always_long_and_no_line_begins_with_a_digit()
    {
        MemoryTree tree = new(_time);
        tree.AddFile("/212 d/212 f", []);
        string[] lines = await LinesAsync(ListingVerb.Status, "-R1 212 d/..", tree: tree);
        Assert.Equal(["drwxr-xr-x   2 ftp      ftp                 0 Aug  1 12:00 212 d", "", " 212 d/../212 d:", "-rw-r--r--   1 ftp      ftp                 0 Aug  1 12:00 212 f"], lines);
    }

    [Fact]
    public async Task Single_objects_are_told_from_directories_and_patterns()
    {
        foreach ((string argument, bool isSingle) in new[] { ("docs", false), ("docs/a.txt", true), ("-d docs", true), ("docs/*.txt", false) })
        {
            await using ListingData listing = await ListingData.OpenAsync(Request(ListingVerb.Status, argument), Token);
            Assert.Equal(isSingle, listing.IsSingle);
        }
    }

    [Fact]
    public async Task An_empty_directory_is_an_empty_listing()
    {
        Assert.Equal("", await CopyAsync(await ListingData.OpenAsync(Request(ListingVerb.List, "empty"), Token)));
        Assert.Equal("", await CopyAsync(await ListingData.OpenAsync(Request(ListingVerb.Names, "empty"), Token)));
    }

    [Fact]
    public async Task Names_that_could_break_a_line_are_masked_or_left_out()
    {
        MemoryTree tree = new(_time);
        tree.AddFile("/a\nb", []);
        tree.AddFile("/c", []);
        Assert.Equal(["c"], await LinesAsync(ListingVerb.Names, "", tree: tree));
        Assert.EndsWith(" a?b", (await LinesAsync(ListingVerb.List, "", tree: tree))[0], StringComparison.Ordinal);
        Assert.Equal([" c"], await LinesAsync(ListingVerb.Machine, "", tree: tree, facts: MlstFacts.None));
    }

    [Fact]
    public async Task Copying_stops_when_nobody_reads_any_more()
    {
        MemoryTree tree = new();
        for (int index = 0; index < 5000; index++)
            tree.AddFile($"/file{index:0000}", []);
        foreach (string argument in new[] { "", "-r", "f*", "-R" })
        {
            CountingWriter writer = new() { IsClosed = true };
            await using ListingData listing = await ListingData.OpenAsync(Request(ListingVerb.List, argument, tree: tree), Token);
            await listing.CopyToAsync(writer, null, Token);
            Assert.InRange(writer.Count, 32 << 10, 40 << 10);
            Assert.InRange(writer.Flushes, 1, 2);
        }
    }

    [Fact]
    public async Task Copying_can_be_cancelled()
    {
        using CancellationTokenSource cancellation = new();
        await using ListingData listing = await ListingData.OpenAsync(Request(ListingVerb.List, "docs"), Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await listing.CopyToAsync(new CountingWriter(), null, cancellation.Token));
    }

    [Theory]
    [InlineData(ListingVerb.List)]
    [InlineData(ListingVerb.Names)]
    [InlineData(ListingVerb.Machine)]
    internal async Task Lines_cost_no_memory(ListingVerb verb)
    {
        long small = await MeasureAsync(verb, 100);
        long large = await MeasureAsync(verb, 10_100);
        Assert.True(large - small < 10_000, $"{large - small} bytes for 10000 lines");
    }

    private static async Task<long> MeasureAsync(ListingVerb verb, int files)
    {
        MemoryTree tree = new();
        for (int index = 0; index < files; index++)
            tree.AddFile($"/some file {index}.txt", [], DateTime.UtcNow.AddMinutes(-index));
        long least = long.MaxValue;
        for (int round = 0, counted = 0; counted < 3; round++)
        {
            Assert.True(round < 100, "no three listings ran on one thread");
            CountingWriter writer = new();
            int thread = Environment.CurrentManagedThreadId;
            long before = GC.GetAllocatedBytesForCurrentThread();
            await using ListingData listing = await ListingData.OpenAsync(new ListingRequest { Verb = verb, Driver = new MemoryDriver(tree) }, CancellationToken.None);
            await listing.CopyToAsync(writer, null, CancellationToken.None);
            Assert.True(writer.Count > files * 10);
            // The counter is one thread's own.
            if (Environment.CurrentManagedThreadId != thread)
                continue;
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            counted++;
        }
        return least;
    }

    private static MemoryTree SmallTree()
    {
        MemoryTree tree = new();
        tree.AddFile("/d/e/y", []);
        tree.AddFile("/d/x", []);
        tree.AddFile("/f", []);
        tree.AddDirectory("/g");
        return tree;
    }

    private ListingRequest Request(ListingVerb verb, string argument, string directory = "/", FtpListingOptions? options = null, MlstFacts facts = MlstFactNames.Default, MemoryTree? tree = null) => new()
    {
        Verb = verb,
        Driver = new MemoryDriver(tree ?? _tree, "alice"),
        Directory = FtpPath.Parse(directory),
        Argument = argument,
        Facts = facts,
        Options = options ?? new FtpListingOptions(),
        Time = _time,
    };

    private async Task<string[]> LinesAsync(
        ListingVerb verb, string argument, string directory = "/", FtpListingOptions? options = null, MlstFacts facts = MlstFactNames.Default, MemoryTree? tree = null)
    {
        await using ListingData listing = await ListingData.OpenAsync(Request(verb, argument, directory, options, facts, tree), Token);
        string text = await CopyAsync(listing);
        Assert.True(text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal));
        return text.Length == 0 ? [] : text[..^2].Split("\r\n");
    }

    private static async Task<string> CopyAsync(ListingData listing)
    {
        MemoryStream stream = new();
        PipeWriter writer = PipeWriter.Create(stream);
        await listing.CopyToAsync(writer, null, Token);
        await writer.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Counts what it is given, in one buffer, and may say that nobody reads.</summary>
    private sealed class CountingWriter : PipeWriter
    {
        private readonly byte[] _buffer = new byte[4096];

        public bool IsClosed { get; init; }

        public long Count { get; private set; }

        public int Flushes { get; private set; }

        public override void Advance(int bytes) => Count += bytes;

        public override void CancelPendingFlush() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null) => throw new NotSupportedException();

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Flushes++;
            return ValueTask.FromResult(new FlushResult(false, IsClosed));
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;
    }
}
