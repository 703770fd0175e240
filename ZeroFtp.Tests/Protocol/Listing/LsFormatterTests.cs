using System.Text.RegularExpressions;
using CsCheck;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;

namespace ZeroFtp.Tests.Protocol.Listing;

public sealed partial class LsFormatterTests
{
    private static readonly DateTime Now = new(2020, 7, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("2020-07-01T11:59:59", "Jul  1 11:59")]
    [InlineData("2020-07-01T12:00:59", "Jul  1 12:00")]
    [InlineData("2020-07-01T12:01:01", "Jul  1  2020")]
    [InlineData("2020-07-02T12:00:00", "Jul  2  2020")]
    [InlineData("2020-06-30T00:00:00", "Jun 30 00:00")]
    [InlineData("2020-01-01T12:00:01", "Jan  1 12:00")]
    [InlineData("2020-01-01T12:00:00", "Jan  1  2020")]
    [InlineData("1999-12-31T23:59:59", "Dec 31  1999")]
    [InlineData("0001-01-01T00:00:00", "Jan  1  1970")]
    public void Half_a_year_has_times_and_the_rest_years(string time, string expected)
    {
        FtpEntry entry = Lines.ATxt with { ModifiedUtc = DateTime.Parse(time, null, System.Globalization.DateTimeStyles.AdjustToUniversal | System.Globalization.DateTimeStyles.AssumeUniversal) };
        Assert.Equal($"-rw-r--r--   1 ftp      ftp                12 {expected} a.txt\r\n", Lines.Of(new LsFormatter(Now, default), entry));
    }

    [Fact]
    public void Dates_that_were_kept_are_not_mistaken_for_others()
    {
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 86399]).Array[2, 10].Sample(offsets =>
        {
            LsFormatter formatter = new(Now, default);
            foreach ((int day, int second) in offsets)
            {
                FtpEntry entry = Lines.ATxt with { ModifiedUtc = Now.AddDays(-day).AddSeconds(-second) };
                Assert.Equal(Lines.Of(new LsFormatter(Now, default), entry), Lines.Of(formatter, entry));
            }
        });
    }

    [Theory]
    [InlineData(FtpEntryKind.Directory, 0b111_101_101, "drwxr-xr-x")]
    [InlineData(FtpEntryKind.File, 0, "----------")]
    [InlineData(FtpEntryKind.File, 0xFFF, "-rwsrwsrwt")]
    [InlineData(FtpEntryKind.File, 0xE00, "---S--S--T")]
    [InlineData(FtpEntryKind.Other, 0b110_000_000, "srw-------")]
    [InlineData(FtpEntryKind.DanglingLink, 0b111_111_111, "lrwxrwxrwx")]
    public void Modes_are_those_of_ls(FtpEntryKind kind, int mode, string expected) =>
        Assert.StartsWith(expected + " ", Lines.Of(new LsFormatter(Now, default), Lines.ATxt with { Kind = kind, Mode = mode }), StringComparison.Ordinal);

    [Fact]
    public void Links_show_their_targets_unless_followed()
    {
        FtpEntry link = Lines.ATxt with { Name = "link", LinkTarget = "docs/ü" };
        Assert.Equal("lrwxrwxrwx   1 ftp      ftp                 7 Jan  2  2020 link -> docs/\u00c3\u00bc\r\n", Lines.Of(new LsFormatter(Now.AddYears(1), default), link));
        Assert.Equal("-rw-r--r--   1 ftp      ftp                12 Jan  2  2020 link\r\n", Lines.Of(new LsFormatter(Now.AddYears(1), new ListOptions { FollowsLinks = true }), link));
        FtpEntry broken = link with { Kind = FtpEntryKind.DanglingLink };
        Assert.StartsWith("lrwxrwxrwx", Lines.Of(new LsFormatter(Now, new ListOptions { FollowsLinks = true }), broken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice", 7, "alice    ")]
    [InlineData("May", 7, "7        ")]
    [InlineData("May", null, "65534    ")]
    [InlineData("a b\n", 7, "a_b?     ")]
    [InlineData("averylongname", 7, "averylongname ")]
    [InlineData(null, 7, "ftp      ")]
    public void Owners_are_one_word_and_no_month(string? owner, int? id, string expected) =>
        Assert.StartsWith("-rw-r--r--   1 " + expected, Lines.Of(new LsFormatter(Now, default), Lines.ATxt with { Owner = owner, OwnerId = id }), StringComparison.Ordinal);

    [Fact]
    public void Numbers_stand_for_owners_when_asked_for_and_nothing_does_when_hidden()
    {
        FtpEntry entry = Lines.ATxt with { Owner = "alice", OwnerId = 1000, Group = "staff" };
        Assert.Contains(" 1 1000     65534     ", Lines.Of(new LsFormatter(Now, new ListOptions { IsNumeric = true }), entry), StringComparison.Ordinal);
        Assert.Contains(" 1 ftp      ftp     ", Lines.Of(new LsFormatter(Now, default, hidesOwners: true), entry), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" lead", "2020  lead\r\n")]
    [InlineData("trail ", "2020 trail \r\n")]
    [InlineData("a\nb", "2020 a?b\r\n")]
    [InlineData("\u0001\u001b[31m\u007f", "2020 ??[31m?\r\n")]
    [InlineData("é\U000F00E9", "2020 \u00c3\u00a9\u00e9\r\n")]
    public void Names_follow_one_space_and_cannot_break_the_line(string name, string expected) =>
        Assert.EndsWith(expected, Lines.Of(new LsFormatter(Now.AddYears(2), default), Lines.ATxt, name), StringComparison.Ordinal);

    [Theory]
    [InlineData(FtpEntryKind.Directory, 0b111_101_101, "x/")]
    [InlineData(FtpEntryKind.File, 0b111_101_101, "x*")]
    [InlineData(FtpEntryKind.File, 0b110_100_100, "x")]
    [InlineData(FtpEntryKind.DanglingLink, 0, "x@")]
    public void Kinds_have_signs_when_asked_for(FtpEntryKind kind, int mode, string expected)
    {
        FtpEntry entry = Lines.ATxt with { Kind = kind, Mode = mode };
        Assert.EndsWith($" {expected}\r\n", Lines.Of(new LsFormatter(Now, new ListOptions { IsClassified = true }), entry, "x"), StringComparison.Ordinal);
        Assert.Equal($"{expected}\r\n", Lines.Of(new NameFormatter(new ListOptions { IsClassified = true }), entry, "x"));
    }

    [Fact]
    public void Every_line_has_the_form_that_clients_read() =>
        Gen.Select(Gen.Enum<FtpEntryKind>(), Gen.Int[0, 0xFFF], Gen.Long[0, long.MaxValue], Gen.Long[0, DateTime.MaxValue.Ticks], Gen.Int[1, int.MaxValue], Gen.String.Where(text => text.Length > 0)).Sample(
            (kind, mode, size, ticks, links, text) => LineForm().IsMatch(Lines.Of(
                new LsFormatter(Now, default),
                new FtpEntry { Name = text, Kind = kind, Mode = mode, Size = size, ModifiedUtc = new DateTime(ticks, DateTimeKind.Utc), LinkCount = links, Owner = text, Group = text })));

    [Fact]
    public void The_other_format_is_that_of_dos()
    {
        Assert.Equal("01-02-20  03:04AM                   12 a.txt\r\n", Lines.Of(new DosFormatter(), Lines.ATxt));
        Assert.Equal("01-02-20  12:30PM       <DIR>          docs\r\n", Lines.Of(new DosFormatter(), Lines.Docs with { ModifiedUtc = new DateTime(2020, 1, 2, 12, 30, 0, DateTimeKind.Utc) }));
        Assert.Equal("01-02-20  12:30AM       <DIR>          docs\r\n", Lines.Of(new DosFormatter(), Lines.Docs with { ModifiedUtc = new DateTime(2020, 1, 2, 0, 30, 0, DateTimeKind.Utc) }));
    }

    [GeneratedRegex(@"\A[-dlbcps][-rwxsStT]{9} +\d+ +\S+ +\S+ +\d+ (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3]\d ( \d{4}|\d\d:\d\d) .+\r\n\z", RegexOptions.Singleline)]
    private static partial Regex LineForm();
}
