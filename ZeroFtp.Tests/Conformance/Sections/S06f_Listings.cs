using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 6.4: LIST and NLST.</summary>
internal sealed class S06f_Listings : Section
{
    public S06f_Listings()
        : base("6.4 LIST, NLST")
    {
        Check("F959-4.1.3-50", Level.Must, "RFC 959 LIST",
            "LIST without argument lists the current directory over a data connection.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> lines = (await s.DownAsync("LIST")).Lines;
                foreach (string name in (string[])["docs", "empty", "up", "bin.dat", "big.bin", "zero"])
                    Verify.That(lines.Any(line => line.EndsWith($" {name}", StringComparison.Ordinal)), $"LIST lacks {name}: {string.Join(" | ", lines)}");
            });

        Check("F959-4.1.3-51", Level.Must, "RFC 959 LIST",
            "LIST of a directory lists its members; of a file, just that file.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> members = (await s.DownAsync("LIST docs")).Lines;
                Verify.That(members.Any(line => line.EndsWith(" a.txt", StringComparison.Ordinal)), $"LIST docs lacks a.txt: {string.Join(" | ", members)}");
                Verify.Equal(1, (await s.DownAsync("LIST docs/a.txt")).Lines.Count, "lines of LIST docs/a.txt");
            });

        Check("F959-4.1.3-52", Level.Should, "RFC 1123 §4.1.2.7",
            "LIST and NLST use implied TYPE A: lines end in CRLF whatever TYPE is set, and the setting is not changed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string verb in (string[])["LIST", "NLST"])
                {
                    Transfer transfer = await s.DownAsync(verb);
                    Verify.That(transfer.Lines.Count > 3, $"{verb} has {transfer.Lines.Count} lines");
                    Verify.NoMatch("(?<!\r)\n", transfer.Text, verb);
                }

                await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
            });

        Check("F959-4.1.3-53", Level.Choice, "",
            "An empty directory gives 150, no data, 226.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Bytes("", (await s.DownAsync("LIST empty")).Data, "LIST empty");
                Verify.Bytes("", (await s.DownAsync("NLST empty")).Data, "NLST empty");
                if (!await c.OffersAsync("MLST"))
                    return;
                foreach (string line in (await s.DownAsync("MLSD empty")).Lines)
                    Verify.Matches("(?i)type=[cp]dir;", line, "line of MLSD empty");
            });

        Check("F959-4.1.3-54", Level.Choice, "",
            "A missing or unreadable path gives 550 before any 150.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.RefusedAsync("LIST nope", 550);
                await s.RefusedAsync("NLST nope", 550);
            });

        Check("F959-4.1.3-55", Level.Must, "RFC 959 NLST",
            "NLST sends only names, one per line, CRLF terminated.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD docs", 250);
                IReadOnlyList<string> lines = (await s.DownAsync("NLST")).Lines;
                Verify.Contains("a.txt", lines, "NLST");
                foreach (string line in lines)
                    Verify.That(line.Trim().Length > 0 && !line.StartsWith("total", StringComparison.Ordinal), $"NLST contains the line {Octets.Show(line)}");
            });

        Check("F959-4.1.3-56", Level.Must, "RFC 1123 §4.1.2.7",
            "NLST output can be used directly as RETR argument.",
            async c =>
            {
                Session s = await c.LoginAsync();
                int retrieved = 0;
                foreach (string name in (await s.DownAsync("NLST docs")).Lines.Where(line => line.EndsWith(".txt", StringComparison.Ordinal)))
                {
                    await using DataTarget target = await s.EpsvAsync();
                    await using DataConnection data = await target.OpenAsync();
                    await s.DoRawAsync($"RETR {name}", 150, 125);
                    await data.ReadToEndAsync();
                    await s.ExpectAsync(226, 250);
                    retrieved++;
                }

                Verify.That(retrieved >= 3, $"NLST docs named {retrieved} files that end in .txt, expected three or more");
            });

        Check("F959-4.1.3-57", Level.Choice, "",
            "NLST of a file returns the argument text itself.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Bytes("docs/a.txt\r\n", (await s.DownAsync("NLST docs/a.txt")).Data, "NLST docs/a.txt");
            });

        Check("F959-4.1.3-58", Level.Must, "RFC 1123 §4.1.2.7",
            "Names containing CR or LF are left out of NLST.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string line in (await s.DownAsync("NLST")).Lines.Concat((await s.DownAsync("NLST docs")).Lines))
                    Verify.NoMatch("[\r\n]", line, "NLST line");
                (string directory, _) = await c.NameWithCrAsync(s);
                IReadOnlyList<string> lines = (await s.DownAsync($"NLST {directory}")).Lines;
                Verify.That(!lines.Any(line => line.Contains('b')), $"NLST names a directory with CR in its name: {string.Join(" | ", lines.Select(Octets.Show))}");
            });

        Check("F959-4.1.3-59", Level.Choice, "",
            "NLST lists directories as well as files, without a type suffix.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> lines = (await s.DownAsync("NLST")).Lines;
                Verify.Contains("docs", lines, "NLST");
                Verify.Contains("bin.dat", lines, "NLST");
                Verify.Lacks("docs/", lines, "NLST");
            });
    }
}
