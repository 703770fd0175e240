using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 14: the forms of MLST and MLSD of RFC 3659.</summary>
internal sealed class S14d_Mlst : Section
{
    public S14d_Mlst()
        : base("14 MLST and MLSD")
    {
        Check("F3659-7.2-1", Level.Must, "RFC 3659 §7.2",
            "MLST answers 250-, one line with leading space, 250 , on the control connection.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("MLST docs/a.txt", 250);
                Verify.Matches(@"\A250-[^\r\n]*\r\n [^ \r\n]+ /docs/a\.txt\r\n250 [^\r\n]*\r\n\z", reply.Whole, "MLST");
            },
            needs: ["MLST"]);

        Check("F3659-7.2-2", Level.Must, "RFC 3659 §7.2",
            "Facts are name=value; without spaces, then exactly one space, then the name.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("MLST docs/a.txt", 250);
                Verify.Equal(3, reply.Lines.Count, "lines of the reply");
                Verify.Matches("^ ([A-Za-z.-]+=[^; ]*;)* .+$", reply.Lines[1], "line of facts");
            },
            needs: ["MLST"]);

        Check("F3659-7.1-1", Level.Must, "RFC 3659 §7.1",
            "MLST without argument describes the current directory.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD docs", 250);
                MlsxEntry entry = await s.MlstAsync();
                Verify.That(entry["type"] is "dir" or "cdir", $"type of the current directory: {entry.Line}");
                Verify.Equal("/docs", entry.Name, "name");
            },
            needs: ["MLST"]);

        Check("F3659-7.3.1-1", Level.Should, "RFC 3659 §7.3.1",
            "MLST names the object by its fully qualified path.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD docs", 250);
                Verify.Equal("/docs/a.txt", (await s.MlstAsync("a.txt")).Name, "name");
            },
            needs: ["MLST"]);

        Check("F3659-7.2-3", Level.Must, "RFC 3659 §7.2",
            "MLSD opens a data connection, answers 150 then 226, and ignores TYPE/STRU (binary, CRLF after each entry).",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                Transfer listing = await s.DownAsync("MLSD docs");
                Verify.Equal(226, listing.Final.Code, "final reply");
                Verify.That(listing.Lines.Count > 2, "MLSD docs lists hardly anything");
                Verify.NoMatch(@"\r(?!\n)|(?<!\r)\n", listing.Text, "line ends of MLSD");
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
            },
            needs: ["MLST"]);

        Check("F3659-7.2-4", Level.MustNot, "RFC 3659 §7.2",
            "No header, total, blank or indented line occurs in MLSD data.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer listing = await s.DownAsync("MLSD docs");
                Verify.That(listing.Lines.Count > 2, "MLSD docs lists hardly anything");
                foreach (string line in listing.Lines)
                    Verify.Matches("^([A-Za-z0-9.-]+=[^; ]*;)+ .+$", line, "MLSD line");
            },
            needs: ["MLST"]);

        Check("F3659-7.2.1-1", Level.Must, "RFC 3659 §7.2.1",
            "MLSD of a non-directory gives 501, of a missing path 550, without data connection use.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.RefusedAsync("MLSD docs/a.txt", 501);
                await s.RefusedAsync("MLSD nope", 550);
                await s.DoAsync("MLST nope", 550);
            },
            needs: ["MLST"]);

        Check("F3659-7.3.1-2", Level.Should, "RFC 3659 §7.3.1",
            "Names in MLSD are unqualified.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync("docs");
                entries.Named("a.txt");
                Verify.Lacks("docs/a.txt", entries.Select(entry => entry.Name), "MLSD docs");
            },
            needs: ["MLST"]);

        Check("F3659-7.3.1-3", Level.May, "RFC 3659 §7.3.1",
            "A type=cdir and a type=pdir entry may be included, only while the type fact is selected.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync("docs");
                List<MlsxEntry> self = [.. entries.Where(entry => entry["type"] == "cdir")];
                List<MlsxEntry> parent = [.. entries.Where(entry => entry["type"] == "pdir")];
                Verify.That(self.Count <= 1 && self.All(entry => entry.Name is "/docs" or "."), $"cdir entries: {string.Join(" | ", self.Select(entry => entry.Line))}");
                Verify.That(parent.Count <= 1 && parent.All(entry => entry.Name is "/" or ".."), $"pdir entries: {string.Join(" | ", parent.Select(entry => entry.Line))}");
                entries.Named("a.txt");
                await s.DoAsync("OPTS MLST size;", 200);
                IReadOnlyList<MlsxEntry> bare = await s.MlsdAsync("docs");
                bare.Named("a.txt");
                foreach (string name in (string[])["/docs", ".", "/", ".."])
                    Verify.Lacks(name, bare.Select(entry => entry.Name), "MLSD without the type fact");
            },
            needs: ["MLST"]);

        Check("F3659-7.3.1-4", Level.Choice, "",
            "At the root no pdir entry is sent.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync("/");
                entries.Named("docs");
                Verify.Lacks("pdir", entries.Select(entry => entry["type"] ?? ""), "types in MLSD /");
            },
            needs: ["MLST"]);

        Check("F3659-7.3-1", Level.Must, "RFC 3659 §7.3",
            "MLSx is 8-bit clean and sends UTF-8 names unchanged.",
            async c =>
            {
                c.Need(FixturePart.Utf8Name);
                Session s = await c.LoginAsync();
                (await s.MlsdAsync("docs")).Named(Octets.AsSeen("ünï.txt"));
            },
            needs: ["MLST"]);

        Check("F3659-7.2-5", Level.Must, "RFC 3659 §2.2",
            "Names with CR LF, and by choice any name with CR or LF, are omitted from MLSD.",
            async c =>
            {
                Session s = await c.LoginAsync();
                (string directory, _) = await c.NameWithCrAsync(s);
                await s.PutAsync($"{directory}/plain", "1");
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync(directory);
                entries.Named("plain");
                Verify.That(!entries.Any(entry => entry["type"] is "file" or "dir" && entry.Name != "plain"), $"MLSD shows a name with CR: {string.Join(" | ", entries.Select(entry => entry.Line))}");
            },
            needs: ["MLST"]);

        Check("F3659-7.2-6", Level.Choice, "",
            "Leading and trailing spaces in names are preserved.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                IReadOnlyList<MlsxEntry> entries = await s.MlsdAsync("docs");
                entries.Named(" lead");
                entries.Named("trail ");
            },
            needs: ["MLST"]);

        Check("F3659-7.2-7", Level.Choice, "",
            "Dot-files are listed by MLSD.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                (await s.MlsdAsync("docs")).Named(".hidden");
            },
            needs: ["MLST"]);

        Check("F3659-7.2-8", Level.Choice, "",
            "Objects whose attributes cannot be read are listed with the facts that are known.",
            async c =>
            {
                (Session s, string closed) = await c.WalledAsync();
                MlsxEntry entry = (await s.MlsdAsync(closed.Contains('/') ? "closed" : "/")).Named("noread.txt");
                Verify.That(entry["type"] is "file" or null, $"type of noread.txt: {entry.Line}");
            },
            needs: ["MLST"]);

        Check("F3659-7.2-9", Level.DeFacto, "",
            "Facts in each entry come in a fixed order with type first.",
            async c =>
            {
                Session s = await c.LoginAsync();
                List<string> orders = [];
                for (int run = 0; run < 3; run++)
                    orders.Add(string.Join(';', (await s.MlsdAsync("docs")).Named("a.txt").FactNames));
                Verify.Equal(1, orders.Distinct().Count(), $"orders of the facts ({string.Join(" | ", orders)})");
                Verify.That(orders[0].StartsWith("type;", StringComparison.OrdinalIgnoreCase), $"type is not the first fact: {orders[0]}");
            },
            needs: ["MLST"]);

        Check("F3659-7.7-1", Level.DeFacto, "",
            "MLST output contains exactly one fact line.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string path in (string[])["/", "docs", "docs/a.txt", "bin.dat", "empty", "zero"])
                    Verify.Equal(3, (await s.DoAsync($"MLST {path}", 250)).Lines.Count, $"lines of MLST {path}");
            },
            needs: ["MLST"]);

        Check("F3659-8-1", Level.Must, "RFC 3659 §8",
            "APPE CWD DELE MKD PWD RETR RMD RNFR RNTO STAT STOR STOU treat names like MLST (8-bit, spaces, CR NUL).",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                const string Name = "ü x ";
                string seen = Octets.AsSeen(Name);
                await s.DoAsync($"CWD {up}", 250);
                await s.PutAsync($"{Name}", "one");
                await s.UpAsync($"APPE {Name}", "two");
                await s.GetAsync($"{Name}", "onetwo");
                Reply status = await s.DoAsync($"STAT {Name}", 213, 212, 211);
                Verify.That(status.Whole.Contains($" {seen}\r\n", StringComparison.Ordinal), $"STAT does not show the name: {status}");
                await s.DoAsync($"RNFR {Name}", 350);
                await s.DoAsync($"RNTO {Name}y ", 250);
                Verify.Contains($"{seen}y ", (await s.DownAsync("NLST")).Lines.Select(line => line.Split('/')[^1]), "NLST after RNTO");
                await s.DoAsync($"DELE {Name}y ", 250);
                Reply made = await s.DoAsync($"MKD {Name}", 257);
                Verify.Matches($"^\"/{up}/{seen}\"", made.Text, "MKD");
                await s.DoAsync($"CWD {Name}", 250);
                Reply where = await s.DoAsync("PWD", 257);
                Verify.Matches($"^\"/{up}/{seen}\"", where.Text, "PWD");
                await s.DoAsync("CDUP", 250);
                await s.DoAsync($"RMD {Name}", 250);
            },
            needs: ["MLST"]);
    }
}
