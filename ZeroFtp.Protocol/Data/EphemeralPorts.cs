using System.Globalization;
using System.Security.Cryptography;

namespace ZeroFtp.Protocol.Data;

/// <summary>
/// The ports that the system gives to sockets which ask for none in particular. Left to itself Linux looks in one half of them first, and not at those that a connection was closed on within the last
/// minute: after many transfers few are left, and which comes next can be told (RFC 2577 section 8). So one of all is chosen here.
/// </summary>
internal static class EphemeralPorts
{
    // RFC 6335 section 6.
    private const int First = 49_152;
    private const int Last = 65_535;

    private static readonly (int First, int Last) SystemRange = Read("/proc/sys/net/ipv4/ip_local_port_range");

    /// <summary>Any of them, in use or not.</summary>
    public static int Next() => RandomNumberGenerator.GetInt32(SystemRange.First, SystemRange.Last + 1);

    /// <summary>The range that a file names as Linux does, or that of the standard.</summary>
    public static (int First, int Last) Read(string path)
    {
        try
        {
            string[] words = File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && int.TryParse(words[0], CultureInfo.InvariantCulture, out int first) && int.TryParse(words[1], CultureInfo.InvariantCulture, out int last) && first is >= 1024 && last <= 65_535 && first < last)
                return (first, last);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or the range is not readable.
        }
        return (First, Last);
    }
}
