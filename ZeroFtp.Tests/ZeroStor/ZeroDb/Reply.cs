using System.Globalization;
using System.Text;

namespace ZeroFtp.ZeroStor.ZeroDb;

/// <summary>Replies of the Redis protocol.</summary>
internal static class Reply
{
    public static byte[] Ok { get; } = Status("OK");

    public static byte[] Nil { get; } = "$-1\r\n"u8.ToArray();

    public static byte[] Status(string text) => Encoding.ASCII.GetBytes($"+{text}\r\n");

    public static byte[] Error(string text) => Encoding.ASCII.GetBytes($"-{text}\r\n");

    public static byte[] Integer(long value) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $":{value}\r\n"));

    public static byte[] Text(string text) => Bulk(Encoding.UTF8.GetBytes(text));

    public static byte[] Array(params IReadOnlyCollection<byte[]> items)
    {
        byte[] head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{items.Count}\r\n"));
        byte[] whole = new byte[head.Length + items.Sum(static item => item.Length)];
        head.CopyTo(whole, 0);
        int at = head.Length;
        foreach (byte[] item in items)
        {
            item.CopyTo(whole, at);
            at += item.Length;
        }

        return whole;
    }

    public static byte[] Bulk(ReadOnlySpan<byte> value)
    {
        byte[] head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${value.Length}\r\n"));
        byte[] whole = new byte[head.Length + value.Length + 2];
        head.CopyTo(whole, 0);
        value.CopyTo(whole.AsSpan(head.Length));
        "\r\n"u8.CopyTo(whole.AsSpan(head.Length + value.Length));
        return whole;
    }
}
