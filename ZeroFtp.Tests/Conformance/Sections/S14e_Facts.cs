using System.Globalization;
using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 14: the facts of RFC 3659 and OPTS MLST.</summary>
internal sealed class S14e_Facts : Section
{
    public S14e_Facts()
        : base("14 Facts")
    {
        Check("F3659-7.5.1-1", Level.Must, "RFC 3659 §7.5.1",
            "Type values are file, dir, cdir, pdir or OS.name=kind.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Equal("dir", (await s.MlsdAsync("/")).Named("docs")["type"], "type of docs");
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync("docs");
                Verify.Equal("file", entries.Named("a.txt")["type"], "type of a.txt");
                foreach (MlsxEntry entry in entries)
                    Verify.Matches(@"^(file|dir|cdir|pdir|OS\.[^=]+=.+)$", entry["type"] ?? "", $"type of {entry.Name}");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.1.5-1", Level.Choice, "",
            "A symlink is shown as a link, type=OS.unix=symlink or type=OS.unix=slink:target, whatever it points to, so that no client that removes a tree walks through it.",
            async c =>
            {
                c.Need(FixturePart.Links);
                Session s = await c.LoginAsync();
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync("/");
                foreach (string link in (string[])["link", "dlink", "broken"])
                    Verify.Matches("(?i)^OS\\.unix=(symlink|slink(:.*)?)$", entries.Named(link)["type"] ?? "", $"type of {link}");
                Verify.Matches("(?i)^OS\\.unix=s", (await s.MlstAsync("dlink"))["type"] ?? "", "type of dlink by MLST");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.1.5-2", Level.DeFactoOptional, "",
            "A setting may show a link as its target's type, a dangling one as OS.unix=slink:target.",
            async c =>
            {
                c.Need(FixturePart.Links);
                Session s = await c.LoginAsync();
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync("/");
                Verify.Equal("file", entries.Named("link")["type"], "type of link");
                Verify.Equal("dir", entries.Named("dlink")["type"], "type of dlink");
                Verify.Equal("OS.unix=slink:nowhere", entries.Named("broken")["type"], "type of broken");
            },
            needs: ["MLST"], profile: Profiles.Alternatives);

        Check("F3659-7.5.2-1", Level.Should, "RFC 3659 §7.5.2",
            "unique is equal for names of one object, different otherwise, case-sensitive and stable during the session.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string? unique = (await s.MlstAsync("docs/a.txt"))["unique"];
                Verify.That(!string.IsNullOrEmpty(unique), "no fact unique");
                Verify.Equal(unique, (await s.MlstAsync("/docs/../docs/a.txt"))["unique"], "unique by another path");
                Verify.Equal(unique, (await s.MlstAsync("docs/a.txt"))["unique"], "unique, asked again");
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync("docs");
                Verify.Equal(unique, entries.Named("a.txt")["unique"], "unique in MLSD");
                List<string?> tokens = [.. entries.Where(entry => entry["type"] == "file").Select(entry => entry["unique"])];
                Verify.Equal(tokens.Count, tokens.Distinct().Count(), "number of different tokens of different files");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.2-2", Level.Choice, "",
            "unique is an opaque token of device and inode, not their plain values.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                List<UInt128> values = [];
                for (int file = 0; file < 4; file++)
                {
                    await s.PutAsync($"{up}/{file}", "x");
                    string token = (await s.MlstAsync($"{up}/{file}"))["unique"] ?? "";
                    Verify.That(token.Length > 0, "no fact unique");
                    string tail = Regex.Match(token, "[0-9A-Fa-f]*$").Value;
                    if (tail.Length is 0 or > 32)
                        return;
                    values.Add(UInt128.Parse(tail, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                }

                values.Sort();
                Verify.That(values[^1] - values[0] > 1 << 20, $"the tokens of files made one after the other are neighbours, as inode numbers are: {string.Join(' ', values.Select(value => value.ToString("x", CultureInfo.InvariantCulture)))}");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.3-1", Level.Must, "RFC 3659 §7.5.3",
            "modify is the UTC modification time.",
            async c =>
            {
                c.Need(FixturePart.Times);
                Session s = await c.LoginAsync();
                Verify.Equal("20200102030405", (await s.MlstAsync("docs/a.txt"))["modify"], "modify");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.4-1", Level.MustNot, "RFC 3659 §7.5.4",
            "create is sent only when a true birth time exists; never st_ctime.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync("OPTS MLST type;create;modify;", 200);
                string? before = (await s.MlstAsync($"{up}/x"))["create"];
                if (before is null)
                    return;
                await Task.Delay(1100);
                Reply changed = await s.AskAsync($"MFMT 20200102030405 {up}/x");
                Reply mode = await s.AskAsync($"SITE CHMOD 600 {up}/x");
                Verify.That(changed.IsCompletion || mode.IsCompletion, "the status of the file could not be changed to see whether create follows it");
                Verify.Equal(before, (await s.MlstAsync($"{up}/x"))["create"], "create after a change of the file's status");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.5-1", Level.Must, "RFC 3659 §7.5.5",
            "perm lists allowed operations among a c d e f l m p r w for the logged-in user.",
            async c =>
            {
                Session s = await c.LoginAsync();
                HasLetters("radfw", await s.MlstAsync("docs/a.txt"));
                HasLetters("celmp", await s.MlstAsync("docs"));
                Session bob = await c.LoginAsync(c.Account("bob"));
                Verify.Equal("r", (await bob.MlstAsync("docs/a.txt"))["perm"], "perm of a file for a reader");
                Verify.Equal("el", string.Concat(((await bob.MlstAsync("docs"))["perm"] ?? "").Order()), "perm of a directory for a reader");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.5-2", Level.Should, "RFC 3659 §7.5.5",
            "Letters are given only to the kinds they apply to.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Matches("^[adfrw]+$", (await s.MlstAsync("docs/a.txt"))["perm"] ?? "", "perm of a file");
                Verify.Matches("^[cdeflmp]+$", (await s.MlstAsync("docs"))["perm"] ?? "", "perm of a directory");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.5-3", Level.Choice, "",
            "The perm fact agrees with the outcome of the verbs under the user's permissions.",
            async c =>
            {
                Session s = await c.LoginAsync(c.Account("bob"));
                string file = (await s.MlstAsync("docs/a.txt"))["perm"] ?? "";
                string directory = (await s.MlstAsync("up"))["perm"] ?? "";
                Verify.NoMatch("[adfw]", file, "perm of a file for a reader");
                Verify.NoMatch("[cmp]", directory, "perm of a directory for a reader");
                await s.RefusedAsync("APPE docs/a.txt", 550);
                await s.RefusedAsync("STOR docs/a.txt", 550);
                await s.DoAsync("DELE docs/a.txt", 550);
                await s.DoAsync("RNFR docs/a.txt", 550);
                await s.RefusedAsync("STOR up/bob", 550);
                await s.DoAsync("MKD up/bob", 550);
                Verify.Matches("r", file, "perm of a file for a reader");
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.6-1", Level.MustNot, "RFC 3659 §7.5.6",
            "lang is never guessed; omit unless configured.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.NoMatch(@"\blang\b", await s.FeatureAsync("MLST"), "FEAT line");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.7-1", Level.Should, "RFC 3659 §7.5.7",
            "size is the octet count of non-directories; directories carry none (or sizd for compatibility is not sent).",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Equal("12", (await s.MlstAsync("docs/a.txt"))["size"], "size of a.txt");
                Verify.Equal(null, (await s.MlstAsync("docs"))["size"], "size of docs");
                Verify.Equal("256", (await s.MlsdAsync("/")).Named("bin.dat")["size"], "size of bin.dat in MLSD");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.8-1", Level.MustNot, "RFC 3659 §7.5.8",
            "media-type is never guessed; omit unless configured per suffix.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Equal(null, (await s.MlstAsync("docs/a.txt"))["media-type"], "media-type");
                await s.DoAsync("OPTS MLST type;media-type;", 200);
                MlsxEntry entry = await s.MlstAsync("docs/a.txt");
                if ((await s.FeatureAsync("MLST")).Contains("media-type", StringComparison.OrdinalIgnoreCase))
                    Verify.Matches("^(text/plain)?$", entry["media-type"] ?? "", "media-type as configured");
                else
                    Verify.Equal(null, entry["media-type"], "media-type");
            },
            needs: ["MLST"]);

        Check("F3659-7.5.9-1", Level.May, "RFC 3659 §7.5.9",
            "charset, if sent, describes the name; default UTF-8.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Skip.Unless((await s.FeatureAsync("MLST")).Contains("charset", StringComparison.OrdinalIgnoreCase), "fact charset", "FEAT does not list the fact");
                await s.DoAsync("OPTS MLST charset;", 200);
                Verify.Equal("UTF-8", (await s.MlstAsync("docs/a.txt"))["charset"], "charset");
                await s.DoRawAsync($"MKD {up}/\xe9", 257);
                Verify.Equal(null, (await s.MlsdAsync(up)).Named("\xe9")["charset"], "charset of a name that is not UTF-8");
            },
            needs: ["MLST"]);
    }

    private static void HasLetters(string letters, MlsxEntry entry)
    {
        foreach (char letter in letters)
            Verify.That((entry["perm"] ?? "").Contains(letter, StringComparison.Ordinal), $"perm lacks {letter}: {entry.Line}");
    }
}
