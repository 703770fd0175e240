using System.Globalization;
using System.Text;
using CsCheck;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Tests.Protocol.Control;

public sealed class FtpTimeTests
{
    private static readonly Gen<DateTime> AnyTime = Gen.Long[0, DateTime.MaxValue.Ticks].Select(ticks => new DateTime(ticks, DateTimeKind.Utc));

    [Fact]
    public void Format_is_what_the_library_formats() => AnyTime.Sample(time =>
    {
        string expected = time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        byte[] bytes = new byte[FtpTime.Length];
        FtpTime.Format(time, bytes);
        return FtpTime.Format(time) == expected && Encoding.ASCII.GetString(bytes) == expected;
    });

    [Fact]
    public void What_was_formatted_is_parsed_to_the_second() => AnyTime.Sample(time =>
        FtpTime.TryParse(FtpTime.Format(time), out DateTime back) && back.Kind == DateTimeKind.Utc && back == time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)));

    [Fact]
    public void Fourteen_random_digits_are_a_time_exactly_when_the_library_says_so() =>
        Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 15], Gen.Int[0, 33], Gen.Int[0, 26], Gen.Int[0, 62], Gen.Int[0, 59]).Sample((year, month, day, hour, minute, second) =>
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{year:0000}{month:00}{day:00}{hour:00}{minute:00}{second:00}");
            bool expected = DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time);
            return FtpTime.TryParse(text, out DateTime parsed) == expected && parsed == time;
        });

    [Theory]
    [InlineData("20200102030405.250", "2020-01-02T03:04:05.2500000Z")]
    [InlineData("20200102030405.0", "2020-01-02T03:04:05.0000000Z")]
    [InlineData("20200102030405.123456789", "2020-01-02T03:04:05.1234567Z")]
    [InlineData("20161231235960", "2017-01-01T00:00:00.0000000Z")]
    [InlineData("20000229000000", "2000-02-29T00:00:00.0000000Z")]
    public void Fractions_and_leap_seconds_are_accepted(string text, string expected)
    {
        Assert.True(FtpTime.TryParse(text, out DateTime utc));
        Assert.Equal(expected, utc.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2002")]
    [InlineData("2020010203040")]
    [InlineData("202001020304056")]
    [InlineData("20200102030405.")]
    [InlineData("20200102030405.x")]
    [InlineData("20200102030405,5")]
    [InlineData("2020010203040x")]
    [InlineData(" 2020010203040")]
    [InlineData("20010229000000")]
    [InlineData("20010230000000")]
    [InlineData("20011301000000")]
    [InlineData("20010001000000")]
    [InlineData("20010100000000")]
    [InlineData("00000101000000")]
    [InlineData("20010101240000")]
    [InlineData("20010101006000")]
    [InlineData("20010101000061")]
    [InlineData("99991231235960")]
    [InlineData("20200102030405+060")]
    public void Other_texts_are_refused(string text) => Assert.False(FtpTime.TryParse(text, out _));

    [Theory]
    [InlineData("20010203040506", "20010203040506")]
    [InlineData("20010203040506+060", "20010203030506")]
    [InlineData("20010203040506-300", "20010203090506")]
    [InlineData("20010203040506.5+0", "20010203040506")]
    public void A_zone_in_minutes_east_of_utc_is_taken_off(string text, string expected)
    {
        Assert.True(FtpTime.TryParseZoned(text, out DateTime utc));
        Assert.Equal(expected, FtpTime.Format(utc));
    }

    [Theory]
    [InlineData("20010203040506+")]
    [InlineData("20010203040506+AAAA")]
    [InlineData("20010203040506+00060")]
    [InlineData("20010203040506+1+1")]
    [InlineData("+060")]
    [InlineData("00010101000000+060")]
    [InlineData("99991231235959-060")]
    public void Bad_zones_are_refused(string text) => Assert.False(FtpTime.TryParseZoned(text, out _));
}
