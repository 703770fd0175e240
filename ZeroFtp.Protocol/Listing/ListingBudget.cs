using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol.Listing;

/// <summary>How much work a listing with <c>-R</c> or a pattern may still cause.</summary>
internal sealed class ListingBudget(FtpListingOptions options, TimeProvider time)
{
    private const int ClockInterval = 64;
    private readonly long _start = time.GetTimestamp();
    private int _entries;
    private int _directories;

    /// <summary>Whether something was left out.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Whether one more directory may be opened.</summary>
    public bool TakeDirectory()
    {
        IsSpent |= ++_directories > options.MaxDirectories || IsTimeUp();
        return !IsSpent;
    }

    /// <summary>Whether one more entry may be looked at.</summary>
    public bool TakeEntry()
    {
        IsSpent |= ++_entries > options.MaxEntries || (_entries % ClockInterval == 0 && IsTimeUp());
        return !IsSpent;
    }

    private bool IsTimeUp() => time.GetElapsedTime(_start) > options.MaxDuration;
}
