using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ZeroFtp.Fuzz.Targets;

/// <summary>PROXY headers, versions 1 and 2: what is read is what the text of the specification says, and no beginning of a header is refused or taken for the whole.</summary>
internal sealed partial class ProxyHeaderTarget(Func<byte[], (int Used, IPEndPoint? Source)> parse)
{
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    public void Run(byte[] input)
    {
        (int used, IPEndPoint? source) = parse(input);
        (int expected, IPEndPoint? from) = Slowly(input);
        DefectException.Demand("The octets of the header", expected, used);
        DefectException.Demand("The source", from?.ToString(), source?.ToString());
        if (used <= 0)
            return;
        for (int length = 0; length < used; length++)
            DefectException.Demand($"{length} octets of {used} are not enough", 0, parse(input[..length]).Used);
    }

    private static (int, IPEndPoint?) Slowly(byte[] input)
    {
        string text = Encoding.Latin1.GetString(input);
        if (text.StartsWith(Signature, StringComparison.Ordinal))
            return Binary(input);
        if (text.StartsWith("PROXY ", StringComparison.Ordinal))
            return Text(text);
        return Signature.StartsWith(text, StringComparison.Ordinal) || "PROXY ".StartsWith(text, StringComparison.Ordinal) ? (0, null) : (-1, null);
    }

    private static (int, IPEndPoint?) Text(string text)
    {
        int end = text.IndexOf("\r\n", StringComparison.Ordinal);
        if (end < 0)
            return (text.Length > 107 ? -1 : 0, null);
        if (end + 2 > 107)
            return (-1, null);
        string line = text[..end];
        if (Unknown().IsMatch(line))
            return (end + 2, null);
        Match match = Known().Match(line);
        if (!match.Success || !int.TryParse(match.Groups[4].Value, CultureInfo.InvariantCulture, out int port) || port > 65535
            || !int.TryParse(match.Groups[5].Value, CultureInfo.InvariantCulture, out int targetPort) || targetPort > 65535)
            return (-1, null);
        AddressFamily family = match.Groups[1].Value == "4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return Address(match.Groups[2].Value, family) is { } source && Address(match.Groups[3].Value, family) is not null ? (end + 2, new IPEndPoint(source, port)) : (-1, null);
    }

    /// <summary>Four decimal numbers without leading zeros, or hexadecimal groups that may end in such numbers; none of the other forms that the library reads.</summary>
    private static IPAddress? Address(string text, AddressFamily family)
    {
        bool isPlain = family == AddressFamily.InterNetwork ? Dotted().IsMatch(text) : Groups().IsMatch(text);
        return isPlain && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == family ? address : null;
    }

    private static (int, IPEndPoint?) Binary(byte[] input)
    {
        if (input.Length < 16)
            return (0, null);
        int length = (input[14] * 256) + input[15];
        if (input[12] is < 0x20 or > 0x2F || length > 2048)
            return (-1, null);
        if (input.Length < 16 + length)
            return (0, null);
        (int size, int port) = input[13] switch { 0x11 => (4, 8), 0x21 => (16, 32), _ => (0, 0) };
        if (input[12] == 0x20 || (input[12] == 0x21 && input[13] == 0))
            return (16 + length, null);
        if (input[12] != 0x21 || size == 0 || length < port + 4)
            return (-1, null);
        return (16 + length, new IPEndPoint(new IPAddress(input[16..(16 + size)]), (input[16 + port] * 256) + input[17 + port]));
    }

    [GeneratedRegex("^PROXY UNKNOWN( .*)?\\z", RegexOptions.Singleline)]
    private static partial Regex Unknown();

    [GeneratedRegex("^PROXY TCP([46]) ([^ ]+) ([^ ]+) ([0-9]+) ([0-9]+)\\z")]
    private static partial Regex Known();

    [GeneratedRegex("^(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}\\z")]
    private static partial Regex Dotted();

    [GeneratedRegex("^[0-9a-fA-F:]+(:(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3})?\\z")]
    private static partial Regex Groups();
}
