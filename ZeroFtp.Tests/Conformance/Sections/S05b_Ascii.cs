using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 5.2: line ends in TYPE A.</summary>
internal sealed class S05b_Ascii : Section
{
    public S05b_Ascii()
        : base("5.2 ASCII conversion")
    {
        Check("F959-3.1.1.1-1", Level.Must, "RFC 959 §3.1.1.1",
            "In TYPE A the server sends CRLF for each local end of line.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
            });

        Check("F959-3.1.1.1-2", Level.Choice, "",
            "A local LF that already follows CR is sent as is, so CRLF files are not doubled.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                await s.GetAsync("docs/crlf.txt", "a\r\nb\r\n");
                await s.GetAsync("docs/mixed.txt", "a\r\nb\r\nc\rd");
            });

        Check("F959-3.1.1.1-3", Level.Must, "RFC 959 §3.1.1.1",
            "On receipt CRLF becomes the local end of line.",
            async c => await StoredAsync(c, "a\nb\n", "a\r\nb\r\n"));

        Check("F959-3.1.1.1-4", Level.Choice, "",
            "On receipt bare CR and bare LF are kept.",
            async c => await StoredAsync(c, "a\rb\nc\n", "a\rb\nc\r\n"));

        Check("F959-3.1.1.1-5", Level.Choice, "",
            "Conversion is correct when CR and LF fall in different reads, and a final lone CR is kept.",
            async c => await StoredAsync(c, "x\ny\r", "x\r", "\ny\r"));

        Check("F959-3.1.1.1-6", Level.Must, "RFC 959 §3.1.2 note",
            "Storing and retrieving a text file with the same parameters gives back the same octets.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                string line = new string('t', 62) + "\r\n";
                byte[] text = Octets.Raw(string.Concat(Enumerable.Repeat(line, (1 << 20) / line.Length)));
                await s.DoAsync("TYPE A", 200);
                await s.PutAsync($"{up}/t", text);
                Verify.Bytes(text, await s.GetAsync($"{up}/t"), "TYPE A round trip");
            });

        Check("F959-3.1.1.1-7", Level.Choice, "",
            "No character-set conversion is applied to file contents in TYPE A.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                byte[] high = [.. Enumerable.Range(0x80, 0x80).Select(value => (byte)value)];
                await s.DoAsync("TYPE A", 200);
                await s.PutAsync($"{up}/t", high);
                Verify.Bytes(high, await s.GetAsync($"{up}/t"), "TYPE A round trip");
                await s.DoAsync("TYPE I", 200);
                Verify.Bytes(high, await s.GetAsync($"{up}/t"), "stored content");
            });
    }

    /// <summary>Uploads in TYPE A with a pause between the pieces and compares what was stored.</summary>
    private static async Task StoredAsync(Context c, string stored, params string[] pieces)
    {
        Session s = await c.LoginAsync();
        string up = await c.ScratchAsync(s);
        await s.DoAsync("TYPE A", 200);
        await using (DataConnection data = await s.BeginAsync($"STOR {up}/t"))
        {
            foreach (string piece in pieces)
            {
                await data.WriteAsync(piece);
                await Task.Delay(200);
            }

            await data.CloseAsync();
            await s.ExpectAsync(226, 250);
        }

        await s.DoAsync("TYPE I", 200);
        await s.GetAsync($"{up}/t", stored);
    }
}
