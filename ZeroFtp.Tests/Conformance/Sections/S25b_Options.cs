using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 25: options and patterns of LIST, NLST and STAT.</summary>
internal sealed class S25b_Options : Section
{
    public S25b_Options()
        : base("25 Listing options")
    {
        Check("LS-11", Level.DeFacto, "",
            "Without options dot-files are not listed by LIST and NLST; -a adds them with . and .., -A without these two.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                Verify.Lacks(".hidden", await NamesAsync(s, "LIST docs"), "LIST docs");
                Verify.Lacks(".hidden", await NamesAsync(s, "NLST docs"), "NLST docs");
                foreach (string name in (string[])[".hidden", ".", ".."])
                    Verify.Contains(name, await NamesAsync(s, "LIST -a docs"), "LIST -a docs");
                List<string> almost = await NamesAsync(s, "LIST -A docs");
                Verify.Contains(".hidden", almost, "LIST -A docs");
                Verify.Lacks(".", almost, "LIST -A docs");
                Verify.Lacks("..", almost, "LIST -A docs");
            });

        Check("LS-12", Level.Choice, "",
            "A setting lists dot-files always.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                Verify.Contains(".hidden", await NamesAsync(s, "LIST docs"), "LIST docs");
            },
            profile: Profiles.Alternatives);

        Check("LS-13", Level.DeFacto, "",
            "Options start with -, may be combined, repeated or separate; unknown letters are ignored; -- ends them.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                Verify.Contains(".hidden", await NamesAsync(s, "LIST -la docs"), "LIST -la docs");
                Verify.Contains(".hidden", await NamesAsync(s, "LIST -l -a docs"), "LIST -l -a docs");
                Verify.Contains("a.txt", await NamesAsync(s, "LIST -Z docs"), "LIST -Z docs");
                await s.DoAsync("CWD docs", 250);
                List<string> named = await NamesAsync(s, "LIST -- -l");
                Verify.Equal("-l", string.Join(' ', named), "LIST -- -l");
            });

        Check("LS-14", Level.DeFacto, "",
            "After the options exactly one space precedes the path; the path may contain spaces.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                Transfer listing = await s.DownAsync("LIST -a docs/sp ace.txt");
                Verify.Equal(1, listing.Lines.Count, "lines of LIST -a docs/sp ace.txt");
                Verify.Matches("sp ace.txt$", listing.Lines[0], "line");
            });

        Check("LS-15", Level.Choice, "",
            "An argument that begins with - is always options, even if a file has that name; ./-l or -- -l names the file.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD docs", 250);
                Verify.Contains("a.txt", await NamesAsync(s, "LIST -l"), "LIST -l");
                Transfer one = await s.DownAsync("LIST ./-l");
                Verify.Equal(1, one.Lines.Count, "lines of LIST ./-l");
                Verify.Matches("-l$", one.Lines[0], "line of LIST ./-l");
            });

        Check("LS-16", Level.DeFacto, "",
            "-l on NLST yields long format; -1 on LIST yields names only.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.That((await s.DownAsync("NLST -l docs")).Lines.All(line => Regex.IsMatch(line, @"^[-dl][-rwxsStT]{9} ")), "NLST -l docs is not in the long form");
                Transfer names = await s.DownAsync("LIST -1 docs");
                Verify.Contains("a.txt", names.Lines.Select(line => line.Split('/')[^1]), "LIST -1 docs");
                Verify.NoMatch(@"(?m)^[-dl][-rwx]{9} ", names.Text, "LIST -1 docs");
            });

        Check("LS-17", Level.DeFacto, "",
            "-R lists recursively with path: headings, within depth and time limits.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer all = await s.DownAsync("LIST -R docs");
                Verify.Contains("a.txt", all.Lines.Where(line => line.Length > 0).Select(line => line.Split(' ')[^1]), "LIST -R docs");
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/one", 257);
                await s.DoAsync($"MKD {up}/one/two", 257);
                await s.PutAsync($"{up}/one/two/deep", "1");
                if ((await s.AskAsync($"SITE SYMLINK /{up}/one {up}/one/loop")).IsCompletion)
                    s.Note("with a loop of links");
                await s.DoAsync($"CWD {up}", 250);
                Transfer tree = await s.DownAsync("LIST -R");
                bool headings = tree.Lines.Any(line => line is "./one:" or "one:");
                bool deep = tree.Text.Contains(" deep\r\n", StringComparison.Ordinal);
                Verify.That(headings == deep, $"headings and members do not agree: {Octets.Show(tree.Data)}");
                Verify.Contains("one", tree.Lines.Where(line => line.Length > 0).Select(line => line.Split(' ')[^1]), "LIST -R");
                Skip.Unless(deep, "LIST -R", "recursive listings are switched off");
            },
            seconds: 60);

        Check("LS-18", Level.DeFacto, "",
            "-t sorts by time, -S by size, -r reverses, default by name (octet order).",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                int day = 1;
                foreach ((string name, string content) in ((string, string)[])[("b", "1"), ("a", "333"), ("c", "22")])
                {
                    await s.PutAsync($"{up}/{name}", content);
                    await s.DoAsync($"MFMT 2001010{day++}000000 {up}/{name}", 213);
                }

                foreach ((string options, string order) in ((string, string)[])[("", "abc"), (" -t", "cab"), (" -tr", "bac"), (" -S", "acb"), (" -Sr", "bca"), (" -r", "cba")])
                    Verify.Equal(order, string.Concat(await NamesAsync(s, $"LIST{options} {up}")), $"order of LIST{options}");
            },
            needs: ["MFMT"]);

        Check("LS-19", Level.DeFacto, "",
            "-d lists the directory itself; -F appends /, @, *; -n shows numeric ids; -h is ignored.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer itself = await s.DownAsync("LIST -d docs");
                Verify.Equal(1, itself.Lines.Count, "lines of LIST -d docs");
                Verify.Matches("^d.* docs$", itself.Lines[0], "LIST -d docs");
                Verify.Contains("docs/", (await s.DownAsync("NLST -F")).Lines, "NLST -F");
                foreach (string line in (await s.DownAsync("LIST -n docs")).Lines)
                    Verify.Matches(@"^\S+ +\d+ +\d+ +\d+ +\d+ ", line, "LIST -n docs");
                Verify.Matches(" 10485760 ", (await s.DownAsync("LIST -h /big.bin")).Text, "LIST -h /big.bin");
            });

        Check("LS-20", Level.DeFacto, "",
            "LIST, NLST and STAT expand *, ?, […] in the last or any component; no match gives 150, no data, 226.",
            async c =>
            {
                Session s = await c.LoginAsync();
                List<string> names = [.. (await s.DownAsync("NLST docs/*.txt")).Lines];
                Verify.Contains("docs/a.txt", names, "NLST docs/*.txt");
                Verify.Contains("docs/crlf.txt", names, "NLST docs/*.txt");
                Verify.Equal(0, (await s.DownAsync("NLST docs/*.zip")).Data.Length, "octets of NLST docs/*.zip");
                Verify.Equal(0, (await s.DownAsync("LIST docs/*.zip")).Data.Length, "octets of LIST docs/*.zip");
                Verify.Contains("docs/a.txt", (await s.DownAsync("NLST d?cs/[a-b].txt")).Lines, "NLST d?cs/[a-b].txt");
                Verify.Matches("a.txt", (await s.DoAsync("STAT docs/*.txt", 211, 212, 213)).Whole, "STAT docs/*.txt");
            });

        Check("LS-21", Level.Choice, "",
            "A literal name wins over globbing.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                Transfer listing = await s.DownAsync("LIST docs/a*b");
                Verify.Equal(1, listing.Lines.Count, "lines of LIST docs/a*b");
                Verify.Matches(@"a\*b$", listing.Lines[0], "line");
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x*y", "1");
                await s.PutAsync($"{up}/xzy", "1");
                Verify.Equal(1, (await s.DownAsync($"LIST {up}/x*y")).Lines.Count, "lines when a name matches the pattern and another is the pattern");
            });

        Check("LS-22", Level.Choice, "",
            "Globbing does not match leading dots, is bounded in work, and {…} is not expanded.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                List<string> names = [.. (await s.DownAsync("NLST docs/*")).Lines];
                Verify.Contains("docs/a.txt", names, "NLST docs/*");
                Verify.Lacks("docs/.hidden", names, "NLST docs/*");
                TimeSpan time = await ContextExtras.TimeAsync(async () => await s.DownAsync("NLST */*/*/*/*/*"));
                Verify.That(time < TimeSpan.FromSeconds(5), $"NLST */*/*/*/*/* took {time.TotalSeconds:0.0} s");
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                Reply braces = await s.DoAsync("NLST docs/{a,b}.txt", 150, 125, 550);
                if (braces.Code == 550)
                    return;
                Verify.Bytes("", await data.ReadToEndAsync(), "NLST docs/{a,b}.txt");
                await s.ExpectAsync(226);
            });

        Check("LS-23", Level.Choice, "",
            "Objects matched by a pattern are listed as entries; matched directories are not descended into.",
            async c =>
            {
                Session s = await c.LoginAsync();
                List<string> names = await NamesAsync(s, "LIST doc*");
                Verify.Equal("docs", string.Join(' ', names), "LIST doc*");
                Verify.Equal("docs", string.Join(' ', (await s.DownAsync("NLST doc*")).Lines), "NLST doc*");
            });

        Check("LS-24", Level.DeFacto, "",
            "~ and ~/x in LIST paths mean the home directory only if home handling is enabled; otherwise literal.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.RefusedAsync("LIST ~", 550);
                await s.RefusedAsync("LIST ~/docs", 550);
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/~", 257);
                await s.DoAsync($"CWD {up}", 250);
                Verify.Equal(0, (await s.DownAsync("LIST ~")).Data.Length, "octets of LIST ~ where a directory of that name is empty");
            });

        Check("LS-25", Level.Choice, "",
            "Listing is streamed; a directory of 1 000 000 entries needs bounded memory and can be aborted.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"CWD {up}", 250);
                string commands = string.Concat(Enumerable.Range(0, 500).Select(number => $"MKD entry-with-a-long-name-to-fill-the-listing-{new string('x', 120)}-{number}\r\n"));
                for (int round = 0; round < 4; round++)
                {
                    await s.SendRawAsync(commands.Replace("entry", $"entry{round}", StringComparison.Ordinal));
                    for (int count = 0; count < 500; count++)
                        await s.ExpectAsync(257);
                }

                await using DataConnection data = await s.BeginAsync("LIST");
                await data.ReadExactlyAsync(100);
                await s.SendAsync("ABOR");
                TimeSpan time = await ContextExtras.TimeAsync(async () =>
                {
                    await s.ExpectAsync(426, 226);
                    await s.ExpectAsync(226);
                });
                Verify.That(time < TimeSpan.FromSeconds(1), $"ABOR of a listing took {time.TotalSeconds:0.0} s");
                await s.InStepAsync();
            },
            turn: Turn.Alone, seconds: 120);
    }

    /// <summary>The names in a long or short listing; names with spaces are not for this.</summary>
    private static async Task<List<string>> NamesAsync(Session session, string line)
        => [.. (await session.DownAsync(line)).Lines.Select(entry => entry.Split(' ')[^1].Split('/')[^1])];
}
