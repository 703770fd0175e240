using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Listing;

/// <summary>The dates of one listing. Neighbours often share the day or the second, so that the last ones are kept.</summary>
internal sealed class ListingDates(DateTime nowUtc)
{
    private const int RecentDays = 182;
    private readonly byte[] _listing = "Jan  1  1970"u8.ToArray();
    private readonly byte[] _fact = new byte[FtpTime.Length];
    private long _listingKey = long.MinValue;
    private long _factSecond = -1;

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Twelve octets: <c>Jan  2 03:04</c> for the last half year and the next minute, otherwise <c>Jan  2  2020</c>. An unknown time is shown as 1970.</summary>
    public ReadOnlySpan<byte> Listing(DateTime utc)
    {
        if (utc.Ticks == 0)
            utc = DateTime.UnixEpoch;
        bool isRecent = utc > nowUtc.AddDays(-RecentDays) && utc <= nowUtc.AddMinutes(1);

        // Minutes for the one form, days below zero for the other.
        long key = isRecent ? utc.Ticks / TimeSpan.TicksPerMinute : -(utc.Ticks / TimeSpan.TicksPerDay);
        if (key == _listingKey)
            return _listing;
        _listingKey = key;
        (int year, int month, int day) = utc;
        Octets line = new(_listing);
        line.Add(Months.Slice((month - 1) * 3, 3));
        line.Add((byte)' ');
        line.AddPair(day, (byte)' ');
        line.Add((byte)' ');
        if (isRecent)
        {
            int minute = (int)(utc.Ticks / TimeSpan.TicksPerMinute % 1440);
            line.AddPair(minute / 60);
            line.Add((byte)':');
            line.AddPair(minute % 60);
        }
        else
        {
            line.Add((byte)' ');
            line.AddPair(year / 100);
            line.AddPair(year % 100);
        }
        return _listing;
    }

    /// <summary>Fourteen digits.</summary>
    public ReadOnlySpan<byte> Fact(DateTime utc)
    {
        long second = utc.Ticks / TimeSpan.TicksPerSecond;
        if (second != _factSecond)
        {
            _factSecond = second;
            FtpTime.Format(utc, _fact);
        }
        return _fact;
    }

    /// <summary>Whether a word could be taken for the month of a line.</summary>
    public static bool IsMonth(ReadOnlySpan<char> word)
    {
        if (word.Length != 3)
            return false;
        for (int index = 0; index < Months.Length; index += 3)
        {
            if (word[0] == Months[index] && word[1] == Months[index + 1] && word[2] == Months[index + 2])
                return true;
        }
        return false;
    }
}
