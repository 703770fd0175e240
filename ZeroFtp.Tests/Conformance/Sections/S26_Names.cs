using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 26: which names are taken, and that they stay as they are.</summary>
internal sealed class S26_Names : Section
{
    public S26_Names()
        : base("26 File names")
    {
        Check("NAME-1", Level.Must, "RFC 2640 §3.1",
            "Leading, inner and trailing spaces survive every verb.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                const string Name = " a  b ";
                await s.DoAsync($"CWD {up}", 250);
                await s.PutAsync($"{Name}", "1");
                await s.DoAsync($"SIZE {Name}", "213 1");
                await s.DoAsync($"MDTM {Name}", 213);
                await s.DoAsync("SIZE  a  b", 550);
                await s.DoAsync($"RNFR {Name}", 350);
                await s.DoAsync($"RNTO {Name}c ", 250);
                Verify.Contains($"{Name}c ", (await s.DownAsync("NLST")).Lines, "NLST");
                await s.DoAsync($"DELE {Name}c", 550);
                await s.DoAsync($"DELE {Name}c ", 250);
            });

        Check("NAME-2", Level.Choice, "",
            "Names containing CR, LF or NUL are refused for creation with 553.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                await s.DoRawAsync($"STOR {up}/a\r\0b", 553);
                await s.DoRawAsync($"MKD {up}/x\r\0\ny", 553);
                await s.DoAsync($"RNFR {up}/x", 350);
                await s.DoRawAsync($"RNTO {up}/a\r\0", 553);
                await s.InStepAsync();
                await s.GetAsync($"{up}/x", "1");
            });

        Check("NAME-3", Level.Choice, "",
            "Existing names with CR or LF: LIST shows ?, NLST and MLSD omit them, DELE/RNFR via CR NUL encoding work.",
            async c =>
            {
                Session s = await c.LoginAsync();
                (string directory, bool made) = await c.NameWithCrAsync(s);
                Verify.Matches(@" a\?b\r\n", (await s.DownAsync($"LIST {directory}")).Text, "LIST");
                Verify.NoMatch("a.?b", (await s.DownAsync($"NLST {directory}")).Text, "NLST");
                Verify.NoMatch(" a.?b", string.Concat((await s.MlsdAsync(directory)).Select(entry => entry.Line)), "MLSD");
                await s.DoRawAsync($"RNFR {directory}/a\r\0b", 350);
                if (made)
                    await s.DoRawAsync($"RMD {directory}/a\r\0b", 250);
            });

        Check("NAME-4", Level.DeFacto, "",
            "Quotes, backslashes, *, %, ~, $,   , ;, |, & are ordinary name characters and never reach a shell.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                foreach (string name in (string[])["$(id);|&", "`id`", "a\\b", "q\"q", "'", "*", "%41", "~", "$HOME", "a;b", "a|b", "a&b", "<x>", "!"])
                {
                    Reply made = await s.DoAsync($"MKD {up}/{name}", 257);
                    Verify.That(made.Text.StartsWith($"\"/{up}/{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", StringComparison.Ordinal), $"MKD {name}: {made}");
                    Verify.Contains(name, (await s.DownAsync($"NLST {up}")).Lines.Select(line => line.Split('/')[^1]), "NLST");
                    await s.DoAsync($"RMD {up}/{name}", 250);
                }
            });

        Check("NAME-5", Level.Choice, "",
            "A component longer than the file system permits gives 553 (or 550), with no truncation.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/{new string('n', 300)}", 553, 550);
                Verify.Equal(0, (await s.DownAsync($"NLST {up}")).Lines.Count, "entries after the refusal");
            });

        Check("NAME-6", Level.Choice, "",
            "Octets that are not valid UTF-8 are stored and returned raw on octet-based file systems, refused with 553 elsewhere.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Reply made = await s.DoRawAsync($"MKD {up}/\xe9", 257, 553);
                if (made.Code == 257)
                    Verify.Contains("\xe9", (await s.DownAsync($"NLST {up}")).Lines.Select(line => line.Split('/')[^1]), "NLST");
            });

        Check("NAME-7", Level.Choice, "",
            "Backslash is not a separator.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/a\\b", 257);
                Verify.Contains("a\\b", (await s.DownAsync($"NLST {up}")).Lines.Select(line => line.Split('/')[^1]), "NLST");
                await s.DoAsync($"CWD {up}/a\\b", 250);
                await s.DoAsync("PWD", $"257 \"/{up}/a\\b\"…");
            });

        Check("NAME-8", Level.DeFacto, "",
            "Empty path arguments (verb plus space only) give 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD ", 501);
                await s.DoAsync("RETR ", 501);
                await s.DoAsync("DELE ", 501);
                await s.DoAsync("MKD ", 501);
            });

        Check("NAME-9", Level.Choice, "",
            "On Windows hosts reserved device names, trailing dots and : streams are refused with 553.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Reply colon = await s.AskAsync($"MKD {up}/a:b");
                Skip.Unless(colon.Code != 257, "Windows host", "the host takes names that Windows does not");
                Verify.Equal(553, colon.Code, "MKD a:b");
                await s.DoAsync($"MKD {up}/NUL", 553);
                await s.DoAsync($"MKD {up}/x.", 553);
            });

        Check("NAME-10", Level.Choice, "",
            "Upload filters (allowed/denied patterns) answer 553.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.RefusedAsync($"STOR {up}/x.exe", 553);
                await s.PutAsync($"{up}/x.txt", "1");
                await s.DoAsync($"RNFR {up}/x.txt", 350);
                await s.DoAsync($"RNTO {up}/x.exe", 553);
            },
            profile: Profiles.Texts);
    }
}
