using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, sections 6.5 and 6.6: SITE, SYST, STAT, HELP, NOOP, and page structure.</summary>
internal sealed class S06g_Information : Section
{
    public S06g_Information()
        : base("6.5 SITE, SYST, STAT, HELP, NOOP")
    {
        Check("F959-4.1.3-60", Level.Must, "RFC 959 SITE",
            "SITE without subcommand gives 501; an unknown subcommand gives 500.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SITE", 501);
                await s.DoAsync("SITE NOSUCH", 500);
            });

        Check("F959-4.1.3-61", Level.Must, "RFC 959 SYST",
            "SYST names the system; text is exactly UNIX Type: L8.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Bytes("215 UNIX Type: L8\r\n", (await s.DoAsync("SYST", 215)).Raw, "SYST");
            });

        Check("F959-4.1.3-62", Level.Must, "RFC 959 STAT",
            "STAT without argument and without transfer gives 211 with session parameters and no data connection.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply status = await s.DoAsync("STAT", 211);
                Verify.That(status.IsMultiline, "STAT: expected several lines");
                foreach (string word in (string[])[c.Alice.Name, "TYPE", "STRU", "MODE"])
                    Verify.That(status.Middle.Any(line => line.Contains(word, StringComparison.OrdinalIgnoreCase)), $"STAT does not mention {word}: {status}");
            });

        Check("F959-4.1.3-63", Level.Should, "RFC 959 STAT, RFC 1123 §4.1.3.3",
            "STAT during a transfer answers at once with progress and does not disturb the transfer.",
            async c =>
            {
                Session s = await c.LoginAsync();
                s.DataReceiveBuffer = 8192;
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                byte[] first = await data.ReadExactlyAsync(65536);
                await Task.Delay(200);
                Reply status = await s.AskAsync("STAT");
                Verify.That(status.Code is 211 or 213, $"STAT during a transfer was answered {status}");
                Verify.Matches("(?i)\\A213 Status: [0-9]+ of 10485760 bytes transferred\\z", status.Line, "STAT during a transfer");
                byte[] rest = await data.ReadToEndAsync();
                Verify.Bytes(FixtureTree.Big(), [.. first, .. rest], "data");
                await s.ExpectAsync(226, 250);
            });

        Check("F959-4.1.3-64", Level.Must, "RFC 959 STAT",
            "STAT with a path sends a LIST-format listing on the control connection.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply listing = await s.DoAsync("STAT docs", 212, 213);
                Verify.That(listing.Middle.Any(line => line.EndsWith(" a.txt", StringComparison.Ordinal)), $"STAT docs lacks a.txt: {listing}");
                foreach (string line in listing.Middle)
                    Verify.Matches("\\A ", line, "line of STAT docs");
                Reply file = await s.DoAsync("STAT docs/a.txt", 213);
                Verify.Equal(1, file.Middle.Count(), "lines of STAT docs/a.txt");
            });

        Check("F959-4.1.3-65", Level.Choice, "",
            "STAT of a missing path gives 450 per the RFC list or 550; use 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("STAT nope", 550);
            });

        Check("F959-4.1.3-66", Level.DeFacto, "",
            "STAT accepts the LIST options.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                await s.DoAsync("STAT -l docs", 212, 213);
                Reply all = await s.DoAsync("STAT -a docs", 212, 213);
                Verify.That(all.Middle.Any(line => line.EndsWith(" .hidden", StringComparison.Ordinal)), $"STAT -a docs lacks .hidden: {all}");
            });

        Check("F959-4.1.3-67", Level.Must, "RFC 959 HELP",
            "HELP lists the verbs with 214; HELP verb describes one; works before login.",
            async c =>
            {
                Session fresh = await c.ConnectAsync();
                Reply help = await fresh.DoAsync("HELP", 214);
                Verify.That(help.IsMultiline, "HELP: expected several lines");
                foreach (string verb in (string[])["RETR", "STOR", "QUIT", "USER"])
                    Verify.That(help.Whole.Contains(verb, StringComparison.Ordinal), $"HELP does not mention {verb}");
                Session s = await c.LoginAsync();
                await s.DoAsync("HELP RETR", 214);
                await s.DoAsync("HELP XYZZ", 502);
                await s.DoAsync("HELP SITE", 214);
            });

        Check("F959-4.1.3-68", Level.Must, "RFC 959 NOOP",
            "NOOP answers 200.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("NOOP", 200);
            });

        Check("F959-4.1.3-69", Level.Choice, "",
            "Any verb other than ABOR, STAT and QUIT-for-later sent during a transfer is executed after it.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await s.SendAsync("NOOP");
                Verify.Bytes(FixtureTree.Big(), await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226, 250);
                await s.ExpectAsync(200);
            });

        Check("F959-AI-1", Level.ShouldNot, "RFC 959 App. I, RFC 1123 §4.1.2.3",
            "Page structure is not implemented; no private substitute is invented.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("STRU P", 504);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });
    }
}
