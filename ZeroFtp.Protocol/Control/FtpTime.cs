namespace ZeroFtp.Protocol.Control;

/// <summary>The time-val of RFC 3659 section 2.3: <c>YYYYMMDDHHMMSS</c>, always UTC, with an optional fraction of a second.</summary>
internal static class FtpTime
{
    /// <summary>The length in bytes of a time without a fraction.</summary>
    public const int Length = 14;

    /// <summary>Writes the fourteen digits of <paramref name="utc"/>; fractions of a second are truncated.</summary>
    public static void Format(DateTime utc, Span<byte> destination)
    {
        utc.GetDate(out int year, out int month, out int day);
        WritePair(destination, 0, year / 100);
        WritePair(destination, 2, year % 100);
        WritePair(destination, 4, month);
        WritePair(destination, 6, day);
        int second = (int)(utc.Ticks / TimeSpan.TicksPerSecond % 86400);
        WritePair(destination, 8, second / 3600);
        WritePair(destination, 10, second / 60 % 60);
        WritePair(destination, 12, second % 60);
    }

    /// <summary>Returns the fourteen digits of <paramref name="utc"/> as text.</summary>
    public static string Format(DateTime utc) => string.Create(Length, utc, static (text, value) =>
    {
        Span<byte> digits = stackalloc byte[Length];
        Format(value, digits);
        for (int index = 0; index < Length; index++)
            text[index] = (char)digits[index];
    });

    /// <summary>
    /// Parses fourteen digits with an optional fraction. Second 60 means the first second of the next minute.
    /// Returns false for a date or time that does not exist.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTime utc)
    {
        utc = default;
        if (text.Length < Length || text[..Length].ContainsAnyExceptInRange('0', '9') || !TryParseFraction(text[Length..], out long fraction))
            return false;
        int year = (Pair(text, 0) * 100) + Pair(text, 2);
        int month = Pair(text, 4);
        int day = Pair(text, 6);
        int second = Pair(text, 12);
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)
            || Pair(text, 8) > 23 || Pair(text, 10) > 59 || second > 60)
            return false;
        long ticks = new DateTime(year, month, day, Pair(text, 8), Pair(text, 10), 0).Ticks + (second * TimeSpan.TicksPerSecond) + fraction;
        if (ticks > DateTime.MaxValue.Ticks)
            return false;
        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    /// <summary>
    /// Like <see cref="TryParse"/>, but accepts a trailing zone of <c>+MMM</c> or <c>-MMM</c> in minutes east of UTC, which old clients send in the MDTM form
    /// that sets a time.
    /// </summary>
    public static bool TryParseZoned(ReadOnlySpan<char> text, out DateTime utc)
    {
        int sign = text.IndexOfAny('+', '-');
        if (sign < 0)
            return TryParse(text, out utc);
        ReadOnlySpan<char> digits = text[(sign + 1)..];
        if (!TryParse(text[..sign], out utc) || digits.Length is 0 or > 4 || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        long minutes = int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        long ticks = utc.Ticks - ((text[sign] == '+' ? minutes : -minutes) * TimeSpan.TicksPerMinute);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool TryParseFraction(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty)
            return true;
        if (text[0] != '.' || text.Length == 1 || text[1..].ContainsAnyExceptInRange('0', '9'))
            return false;
        long unit = TimeSpan.TicksPerSecond / 10;
        foreach (char digit in text[1..])
        {
            ticks += (digit - '0') * unit;
            unit /= 10;
        }
        return true;
    }

    private static int Pair(ReadOnlySpan<char> text, int index) => ((text[index] - '0') * 10) + (text[index + 1] - '0');

    private static void WritePair(Span<byte> destination, int index, int value)
    {
        destination[index + 1] = (byte)('0' + (value % 10));
        destination[index] = (byte)('0' + (value / 10));
    }

    private static void GetDate(this DateTime value, out int year, out int month, out int day) => (year, month, day) = value;
}
