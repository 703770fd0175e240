using System.Globalization;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 6.1, second part: STOR, STOU and APPE.</summary>
internal sealed class S06b_Storing : Section
{
    public S06b_Storing()
        : base("6.1 RETR, STOR, STOU, APPE")
    {
        Check("F959-4.1.3-9", Level.Must, "RFC 959 STOR",
            "STOR creates the file or replaces all of its content.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/s", "longer");
                await s.PutAsync($"{up}/s", "x");
                await s.GetAsync($"{up}/s", "x");
            });

        Check("F959-4.1.3-10", Level.Choice, "",
            "Missing parent, directory target or lack of permission gives 550 (RFC 959 lists 553.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.RefusedAsync("STOR nodir/x", 550);
                await s.RefusedAsync("STOR docs", 550);
                await using (DataTarget target = await s.EpsvAsync())
                    await s.DoRawAsync("STOR up/a\r\0b", 553);
                (Session walled, string closed) = await c.WalledAsync();
                await walled.RefusedAsync($"STOR {closed}", 550);
            });

        Check("F959-4.1.3-11", Level.Must, "RFC 959 §5.4",
            "No space gives 452, quota exceeded gives 552; a partial file may remain.",
            async c =>
            {
                Session s = await c.LoginAsync(c.Account("quota"));
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                Reply reply = await s.AskAsync("STOR over-quota");
                if (reply.IsPreliminary)
                {
                    await SendAllItTakesAsync(s, data);
                    reply = await s.ReadAsync();
                }

                Verify.Equal(552, reply.Code, "STOR of 4 MiB by an account with a quota of 1 KiB");
                await s.InStepAsync();
                await s.AskAsync("DELE over-quota");
            },
            profile: Profiles.Texts);

        Check("F959-4.1.3-12", Level.Choice, "",
            "Object, name, permission and restart checks come before the data-target check (425) and before 150, and have no side effects.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/b", "kept");
                await s.RefusedAsync("STOR nodir/x", 550);
                await s.DoAsync("ABOR", 226, 225);
                await s.DoAsync("RETR nope", 550);
                await s.DoAsync($"STOR {up}/b", 425);
                await s.GetAsync($"{up}/b", "kept");
            });

        Check("F959-4.1.3-13", Level.DeFacto, "",
            "An interrupted upload keeps the bytes received, so that SIZE + REST/APPE can resume.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                DataConnection data = await s.BeginAsync($"STOR {up}/p");
                await data.WriteAsync(new byte[5000]);
                await Task.Delay(1000);
                data.Reset();
                await s.ExpectAsync(426);
                long size = await SizeAsync(s, $"{up}/p");
                Verify.That(size is > 0 and <= 5000, $"{size} octets were kept, expected 1 to 5000");
                await s.DoAsync($"REST {size}", 350);
                await s.UpAsync($"STOR {up}/p", new byte[6000 - size]);
                await s.DoAsync($"SIZE {up}/p", "213 6000");
            });

        Check("F959-4.1.3-14", Level.DeFacto, "",
            "226 for STOR means the data is flushed to the file and visible to other sessions with its full size.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Session other = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                for (int count = 1; count <= 10; count++)
                {
                    await s.PutAsync($"{up}/s{count}", new byte[count * 30_000]);
                    await other.DoAsync($"SIZE {up}/s{count}", $"213 {count * 30_000}");
                }
            });

        Check("F959-4.1.3-15", Level.May, "RFC 959 STOU, RFC 1123 §4.1.2.9",
            "STOU stores under a new unique name in the current directory and announces it as 150 FILE: name.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync($"CWD {await c.ScratchAsync(s)}", 250);
                string first = await UniqueAsync(s, "STOU");
                await s.GetAsync(first, "x");
                string second = await UniqueAsync(s, "STOU");
                Verify.That(first != second, $"STOU chose {first} twice");
            },
            needs: ["STOU"]);

        Check("F959-4.1.3-16", Level.DeFacto, "",
            "STOU with an argument uses it as the base for the unique name.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/rep.txt", "first");
                string one = await UniqueAsync(s, $"STOU {up}/rep.txt");
                string two = await UniqueAsync(s, $"STOU {up}/rep.txt");
                await s.GetAsync($"{up}/rep.txt", "first");
                Verify.That(one != two, $"STOU chose {one} twice");
                foreach (string name in (string[])[one, two])
                    Verify.Matches("\\Arep", name.Split('/')[^1], "name chosen by STOU");
            },
            needs: ["STOU"]);

        Check("F959-4.1.3-17", Level.Must, "RFC 959 APPE",
            "APPE appends or creates.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.UpAsync($"APPE {up}/l", "a");
                await s.UpAsync($"APPE {up}/l", "b");
                await s.GetAsync($"{up}/l", "ab");
            });

        Check("F959-4.1.3-18", Level.May, "RFC 1123 §4.1.3.4",
            "A type or structure mismatch on APPE or restarted transfer gives 555.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("STRU R", 200);
                await s.PutAsync($"{up}/r", "ab\u00ff\u0003");
                await s.DoAsync("STRU F", 200);
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                Reply reply = await s.AskAsync($"APPE {up}/r");
                if (reply.IsPreliminary)
                {
                    await data.CloseAsync();
                    await s.ReadAsync();
                    throw new CheckSkippedException("record files", "a file stored by records is an ordinary file here: there is nothing to mismatch");
                }

                Verify.Equal(555, reply.Code, "APPE with STRU F to a record file");
            },
            needs: ["STRU R"]);
    }

    private static async Task SendAllItTakesAsync(Session s, DataConnection data)
    {
        try
        {
            for (int count = 0; count < 64; count++)
                await data.WriteAsync(new byte[64 * 1024]);
            await data.CloseAsync();
        }
        catch (IOException)
        {
            s.Note("the server closed the data connection");
        }
    }

    private static async Task<long> SizeAsync(Session s, string path)
        => long.Parse((await s.DoAsync($"SIZE {path}", 213)).Text, CultureInfo.InvariantCulture);

    /// <summary>Stores x by STOU and gives the name that the preliminary reply announces.</summary>
    private static async Task<string> UniqueAsync(Session s, string line)
    {
        Transfer transfer = await s.UpAsync(line, "x");
        Verify.Matches("\\A1[25][05] FILE: \\S+\r\n\\z", transfer.Preliminary.Whole, "preliminary reply");
        return transfer.Preliminary.Text[6..];
    }
}
