using System.Globalization;
using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 25: the form of listing lines.</summary>
internal sealed class S25a_Lines : Section
{
    public S25a_Lines()
        : base("25 Listing lines")
    {
        Check("LS-1", Level.DeFacto, "",
            "LIST lines are type+rwx×9, spaces, link count, owner, group, size, month, day, time or year, one space, name.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string argument in (string[])["", " docs", " -a docs"])
                {
                    Transfer listing = await s.DownAsync($"LIST{argument}");
                    Verify.That(listing.Lines.Count > 2, $"LIST{argument} lists hardly anything");
                    foreach (string line in listing.Lines)
                        Verify.Matches(LongLine, line, $"line of LIST{argument}");
                }
            });

        Check("LS-2", Level.Choice, "",
            "No total line is sent.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer listing = await s.DownAsync("LIST docs");
                Verify.That(listing.Lines.Count > 2, "LIST docs lists hardly anything");
                Verify.That(!listing.Lines.Any(line => line.StartsWith("total", StringComparison.OrdinalIgnoreCase)), "a line begins with total");
            });

        Check("LS-3", Level.DeFacto, "",
            "Times within the last 182 days up to one minute ahead are MMM dd HH:MM.",
            async c =>
            {
                c.Need(FixturePart.Times);
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                DateTime now = DateTime.UtcNow;
                foreach ((TimeSpan age, bool isRecent) in ((TimeSpan, bool)[])[(TimeSpan.FromDays(1), true), (TimeSpan.FromDays(200), false), (TimeSpan.FromDays(-1), false), (TimeSpan.FromDays(180), true), (TimeSpan.FromDays(184), false)])
                {
                    DateTime time = now - age;
                    await s.PutAsync($"{up}/x", "1");
                    await s.DoAsync(string.Create(CultureInfo.InvariantCulture, $"MFMT {time:yyyyMMddHHmmss} {up}/x"), 213);
                    string month = time.ToString("MMM", CultureInfo.InvariantCulture);
                    string expected = isRecent
                        ? string.Create(CultureInfo.InvariantCulture, $" {month} {time.Day,2} {time:HH:mm} ")
                        : string.Create(CultureInfo.InvariantCulture, $" {month} {time.Day,2}  {time:yyyy} ");
                    string line = (await s.DownAsync($"LIST {up}/x")).Text;
                    Verify.That(line.Contains(expected, StringComparison.Ordinal), $"{age.TotalDays} days old: expected {Octets.Show(expected)} in {Octets.Show(line)}");
                }

                Verify.Matches(" Jan  2  2020 ", (await s.DownAsync("LIST docs/a.txt")).Text, "LIST docs/a.txt");
            },
            needs: ["MFMT"]);

        Check("LS-4", Level.Choice, "",
            "Listing times are UTC, matching MDTM and MLSD.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                Reply time = await s.DoAsync($"MDTM {up}/x", 213);
                string line = (await s.DownAsync($"LIST {up}/x")).Text;
                Verify.That(line.Contains($" {time.Text[8..10]}:{time.Text[10..12]} ", StringComparison.Ordinal), $"MDTM says {time.Text}, LIST says {Octets.Show(line)}");
            });

        Check("LS-5", Level.DeFacto, "",
            "Month names are English in every locale.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                for (int month = 1; month <= 12; month++)
                {
                    DateTime time = new(2001, month, 15, 0, 0, 0, DateTimeKind.Utc);
                    await s.DoAsync(string.Create(CultureInfo.InvariantCulture, $"MFMT {time:yyyyMMddHHmmss} {up}/x"), 213);
                    Verify.Matches(time.ToString(" MMM 15  2001 ", CultureInfo.InvariantCulture), (await s.DownAsync($"LIST {up}/x")).Text, "LIST");
                }
            },
            needs: ["MFMT"]);

        Check("LS-6", Level.Choice, "",
            "Owner and group are names without spaces, never equal to a month name; ftp/ftp when hidden.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer listing = await s.DownAsync("LIST -a docs");
                Verify.That(listing.Lines.Count > 2, "LIST docs lists hardly anything");
                foreach (string line in listing.Lines)
                {
                    string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    Verify.Matches(@"^\d+$", fields[4], $"fifth field of {line}");
                    foreach (string name in fields[2..4])
                        Verify.NoMatch("(?i)^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$", name, "owner or group");
                }
            });

        Check("LS-7", Level.DeFacto, "",
            "Symlinks are l… name -> target; all other names follow exactly one space after the date.",
            async c =>
            {
                c.Need(FixturePart.Links);
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                IReadOnlyList<string> root = (await s.DownAsync("LIST")).Lines;
                Verify.That(root.Any(line => Regex.IsMatch(line, "^l.* link -> docs/a.txt$")), "no line for link -> docs/a.txt");
                Verify.That((await s.DownAsync("LIST docs")).Lines.Any(line => Regex.IsMatch(line, @"(\d{4}|\d\d:\d\d)  lead$")), "no line with exactly two spaces before lead");
            });

        Check("LS-8", Level.Choice, "",
            "-L shows link targets instead of links.",
            async c =>
            {
                c.Need(FixturePart.Links);
                Session s = await c.LoginAsync();
                IReadOnlyList<string> root = (await s.DownAsync("LIST -L")).Lines;
                Verify.That(root.Any(line => Regex.IsMatch(line, "^-.* link$")), "no line for link as a file");
                Verify.That(root.Any(line => Regex.IsMatch(line, "^d.* dlink$")), "no line for dlink as a directory");
            });

        Check("LS-9", Level.DeFacto, "",
            "Names with control characters are shown with ? in LIST/STAT.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Reply made = await s.DoRawAsync($"MKD {up}/a\x01" + "b");
                Skip.Unless(made.Code == 257, "names with control characters", $"a client cannot make such a name here: {made}");
                IReadOnlyList<string> lines = (await s.DownAsync($"LIST {up}")).Lines;
                Verify.That(lines.Any(line => line.EndsWith(" a?b", StringComparison.Ordinal)), $"no line for a?b: {string.Join(" | ", lines)}");
                Verify.That(!lines.Any(line => line.Contains('\x01', StringComparison.Ordinal)), "a control character in a listing");
            });

        Check("LS-10", Level.DeFacto, "",
            "Sizes are decimal octets without suffix.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Verify.Matches(@" 10485760 ", (await s.DownAsync("LIST /big.bin")).Text, "LIST /big.bin");
                long length = await HugeFile.MakeAsync(s, $"{up}/huge");
                Verify.Matches($" {length} ", (await s.DownAsync($"LIST {up}/huge")).Text, "LIST of a file of more than 4 GiB");
                await s.DoAsync($"DELE {up}/huge", 250);
            },
            seconds: 180, turn: Turn.Alone);

        Check("LS-26", Level.Choice, "",
            "Alternative MS-DOS listing format is offered only by configuration; SYST then reports 215 Windows_NT.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SYST", "215 UNIX Type: L8…");
                foreach (string line in (await s.DownAsync("LIST")).Lines)
                    Verify.Matches(LongLine, line, "line of LIST");
            });

        Check("LS-27", Level.DeFacto, "",
            "Clients that send LIST with a full path and clients that CWD first get the same lines, except that a single file echoes the argument as name.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> direct = (await s.DownAsync("LIST docs")).Lines;
                IReadOnlyList<string> single = (await s.DownAsync("LIST docs/a.txt")).Lines;
                await s.DoAsync("CWD docs", 250);
                IReadOnlyList<string> inside = (await s.DownAsync("LIST")).Lines;
                Verify.That(direct.Count > 2, "LIST docs lists hardly anything");
                Verify.Equal(string.Join('\n', direct), string.Join('\n', inside), "CWD docs; LIST compared with LIST docs");
                Verify.Equal(1, single.Count, "lines of LIST docs/a.txt");
                Verify.Matches(" docs/a.txt$", single[0], "LIST docs/a.txt");
            });
    }

    private const string LongLine = @"^[-dlbcps][-rwxsStT]{9} +\d+ +\S+ +\S+ +\d+ (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3]\d ( \d{4}|\d\d:\d\d) .+$";
}
