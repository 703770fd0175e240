using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 5.3: record structure, block mode and compressed mode, where a server accepts them.</summary>
internal sealed class S05c_Structures : Section
{
    public S05c_Structures()
        : base("5.3 STRU R, MODE B, MODE C")
    {
        Check("F959-3.4.1-1", Level.Must, "RFC 959 §3.4.1",
            "In MODE S/STRU F the end of file is the close of the data connection and all octets are data.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/b", "\u00ff\u0001\u00ff\u0002\u00ff\u0003");
                await s.GetAsync($"{up}/b", "\u00ff\u0001\u00ff\u0002\u00ff\u0003");
            });

        Check("F959-3.4.1-2", Level.Must, "RFC 959 §3.4.1",
            "In MODE S/STRU R EOR is FF 01, EOF FF 02, both FF 03, data FF is FF FF.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("STRU R", 200);
                await s.PutAsync($"{up}/r", "ab\u00ff\u0001c\u00ff\u00ff\u00ff\u0003");
                await PlainAsync(s);
                await s.GetAsync($"{up}/r", "ab\nc\u00ff\n");
            },
            needs: ["STRU R"]);

        Check("F959-3.4.1-3", Level.Should, "RFC 959 §3.1.2, RFC 1123 §4.1.2.4",
            "File/record transformation is invertible: each line is one record.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("STRU R", 200);
                string sent = Octets.Text(await s.GetAsync("docs/a.txt"));
                Verify.That(
                    sent is "hello\u00ff\u0001world\u00ff\u0001\u00ff\u0002" or "hello\u00ff\u0001world\u00ff\u0003",
                    $"records of docs/a.txt: saw {Octets.Show(sent)}");
            },
            needs: ["STRU R"]);

        Check("F959-3.4.2-1", "MUST if MODE B", "RFC 959 §3.4.2",
            "Blocks have a 3-octet header (descriptor, 16-bit big-endian count).",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("MODE B", 200);
                await using (DataConnection data = await s.BeginAsync($"STOR {up}/b"))
                {
                    await data.WriteAsync("\u0040\0\u0005hello");
                    await s.ExpectAsync(226, 250);
                }

                await PlainAsync(s);
                await s.GetAsync($"{up}/b", "hello");
            },
            needs: ["MODE B"]);

        Check("F959-3.4.2-2", "MUST if MODE B", "RFC 959 §3.4.2",
            "Sent files end with a block flagged EOF, which may be empty.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE B", 200);
                await using DataConnection data = await s.BeginAsync("RETR docs/a.txt");
                (byte[] content, int last) = await BlocksAsync(data);
                Verify.Bytes("hello\nworld\n", content, "content of the blocks");
                Verify.That((last & 0x40) != 0, $"descriptor of the last block is {last:x2}");
                await s.ExpectAsync(226, 250);
            },
            needs: ["MODE B"]);

        Check("F959-3.4.2-3", Level.May, "RFC 959 §3.3",
            "In MODE B/C the data connection may stay open; the server then answers 250, otherwise it closes and answers 226.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE B", 200);
                await using DataConnection data = await s.BeginAsync("RETR docs/a.txt");
                await BlocksAsync(data);
                Reply final = await s.ExpectAsync(226, 250);
                if (final.Code == 226)
                {
                    Verify.Bytes("", await data.ReadToEndAsync(), "data after the last block");
                    return;
                }

                await s.SendAsync("RETR docs/a.txt");
                await s.ExpectAsync(150, 125);
                (byte[] again, _) = await BlocksAsync(data);
                Verify.Bytes("hello\nworld\n", again, "second file on the same connection");
                await s.ExpectAsync(226, 250);
            },
            needs: ["MODE B"]);

        Check("F959-3.4.2-4", "MUST if markers supported", "RFC 1123 §4.1.3.4",
            "A restart marker block received in STOR yields 110 MARK ssss = rrrr after the data before it is on stable storage.",
            async c => await MarkerAsync(c),
            needs: ["MODE B"]);

        Check("F959-3.4.3-1", "MUST if MODE C", "RFC 959 §3.4.3",
            "Codes: 0nnnnnnn+n data octets, 10nnnnnn+octet repeated, 11nnnnnn filler, 00000000+descriptor escape.",
            async c => await CompressedAsync(c, "TYPE I", "AAA\0\0\0hi"),
            needs: ["MODE C"]);

        Check("F959-3.4.3-2", "MUST if MODE C", "RFC 959 §3.4.3",
            "The filler is space in TYPE A/E and NUL in TYPE I/L.",
            async c =>
            {
                await CompressedAsync(c, "TYPE I", "AAA\0\0\0hi");
                await CompressedAsync(c, "TYPE A", "AAA   hi");
            },
            needs: ["MODE C"]);

        Check("F959-3.4-1", Level.Choice, "",
            "EOF on the data connection in MODE B/C before an EOF descriptor is an aborted transfer.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("MODE B", 200);
                await using DataConnection data = await s.BeginAsync($"STOR {up}/b");
                await data.WriteAsync("\0\0\u0005hello");
                await data.CloseAsync();
                await s.ExpectAsync(426, 451);
            },
            needs: ["MODE B"]);
    }

    /// <summary>Sends a restart marker in a block and verifies the 110 reply; also serves F1123-4.1.3.4-1.</summary>
    internal static async Task MarkerAsync(Context c)
    {
        Session s = await c.LoginAsync();
        string up = await c.ScratchAsync(s);
        await s.DoAsync("MODE B", 200);
        await using DataConnection data = await s.BeginAsync($"STOR {up}/b");
        await data.WriteAsync("\0\0\u0005hello\u0010\0\u0002m1");
        Reply mark = await s.ExpectAsync(110);
        Verify.Matches("\\A110 MARK m1 = \\S+\r\n\\z", mark.Whole, "reply to the marker");
        await data.WriteAsync("\u0040\0\0");
        await s.ExpectAsync(226, 250);
    }

    private static async Task CompressedAsync(Context c, string type, string stored)
    {
        Session s = await c.LoginAsync();
        string up = await c.ScratchAsync(s);
        await s.DoAsync(type, 200);
        await s.DoAsync("MODE C", 200);
        await using (DataConnection data = await s.BeginAsync($"STOR {up}/c{type[^1]}"))
        {
            await data.WriteAsync("\u0083A\u00c3\0\u0040\u0002hi");
            await data.CloseAsync();
            await s.ExpectAsync(226, 250);
        }

        await PlainAsync(s);
        await s.GetAsync($"{up}/c{type[^1]}", stored);
    }

    private static async Task PlainAsync(Session s)
    {
        foreach (string line in (string[])["TYPE I", "STRU F", "MODE S"])
            await s.DoAsync(line, 200);
    }

    /// <summary>Reads blocks up to the one that marks the end of the file.</summary>
    private static async Task<(byte[] Content, int LastDescriptor)> BlocksAsync(DataConnection data)
    {
        List<byte> content = [];
        while (true)
        {
            byte[] header = await data.ReadExactlyAsync(3);
            content.AddRange(await data.ReadExactlyAsync((header[1] << 8) | header[2]));
            if ((header[0] & 0x40) != 0)
                return ([.. content], header[0]);
        }
    }
}
