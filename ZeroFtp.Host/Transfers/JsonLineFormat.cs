using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ZeroFtp.Host.Transfers;

/// <summary>One JSON object a line, in UTF-8. Control characters in names are escaped, so that a name can never begin a line.</summary>
internal static class JsonLineFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> destination, TransferRecord record)
    {
        using (Utf8JsonWriter json = new(destination, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", record.EndedAt.UtcDateTime);
            json.WriteNumber("session", record.SessionId);
            json.WriteString("remote", record.RemoteHost);
            json.WriteString("user", record.User);
            if (record.IsAnonymous)
                json.WriteBoolean("anonymous", true);
            json.WriteString("verb", record.Verb);
            json.WriteString("direction", record.Direction == TransferDirection.Upload ? "upload" : "download");
            json.WriteString("path", record.Path);
            json.WriteNumber("bytes", record.Bytes);
            if (record.FileBytes is { } fileBytes && (record.IsCompressed || fileBytes != record.Bytes))
                json.WriteNumber("fileBytes", fileBytes);
            json.WriteNumber("seconds", Math.Round(record.Duration.TotalSeconds, 6));
            json.WriteString("outcome", record.IsComplete ? "complete" : record.Failure ?? "failed");
            json.WriteString("type", record.IsAscii ? "ascii" : "binary");
            if (record.IsCompressed)
                json.WriteString("mode", "Z");
            if (record.IsPartial)
                json.WriteBoolean("partial", true);
            if (UploadEndNames.Word(record.UploadEnd) is { } end)
                json.WriteString("end", end);
            json.WriteBoolean("tls", record.IsEncrypted);
            json.WriteEndObject();
        }
        destination.Write("\n"u8);
    }
}
