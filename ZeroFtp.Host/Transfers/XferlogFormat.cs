using System.Buffers;
using System.Globalization;
using System.Text;

namespace ZeroFtp.Host.Transfers;

/// <summary>
/// The classic line of 18 fields between single spaces: date (five fields), seconds, remote host, bytes, name, type, special action, direction, access mode, user,
/// service, authentication method, authenticated user, completion. The special action of an upload is how its data ended (<see cref="UploadEndNames.Flag"/>). Times are the machine's local ones, as every reader of this format expects.
/// </summary>
internal static class XferlogFormat
{
    public static void Write(IBufferWriter<byte> destination, TransferRecord record, TimeZoneInfo zone)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(record.EndedAt, zone);
        string day = local.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{local:ddd MMM} {day} {local:HH:mm:ss yyyy} {Math.Max(1, (long)Math.Ceiling(record.Duration.TotalSeconds))} {record.RemoteHost} {record.Bytes} {OneWord(record.Path)} "
            + $"{(record.IsAscii ? 'a' : 'b')} {UploadEndNames.Flag(record.UploadEnd)} {(record.Direction == TransferDirection.Upload ? 'i' : 'o')} "
            + $"{(record.IsAnonymous ? 'a' : 'r')} {OneWord(record.User)} ftp 0 * {(record.IsComplete ? 'c' : 'i')}\n");
        Encoding.UTF8.GetBytes(line, destination);
    }

    /// <summary>The fields are told apart by spaces alone, so that none may hold one.</summary>
    private static string OneWord(string text) =>
        text.Length == 0 ? "_" : string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = char.IsWhiteSpace(source[i]) || char.IsControl(source[i]) ? '_' : source[i];
        });
}
