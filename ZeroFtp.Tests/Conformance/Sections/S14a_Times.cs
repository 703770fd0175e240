using System.Globalization;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 14: common rules, MDTM and SIZE of RFC 3659.</summary>
internal sealed class S14a_Times : Section
{
    public S14a_Times()
        : base("14 Times and sizes")
    {
        Check("F3659-2.2.2-1", Level.Must, "RFC 3659 §2.2.2",
            "MDTM, SIZE, MLST, MLSD and REST-able verbs take names literally, without globbing.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                await s.DoAsync("SIZE docs/a*b", "213 2");
                await s.DoAsync("SIZE docs/*", 550);
                await s.DoAsync("MDTM docs/*", 550);
                await c.NeedAsync("MLST");
                await s.DoAsync("MLST docs/a*", 550);
            });

        Check("F3659-2.3-1", Level.Must, "RFC 3659 §2.3",
            "Times are UTC, Gregorian, 14 digits, an optional fraction only with real precision.",
            async c =>
            {
                c.Need(FixturePart.Times);
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("MDTM docs/a.txt", "213 20200102030405");
                await s.PutAsync($"{up}/now", "x");
                Reply now = await s.DoAsync($"MDTM {up}/now", 213);
                Verify.Matches(@"^\d{14}(\.\d+)?$", now.Text, "time");
                DateTime seen = DateTime.ParseExact(now.Text[..14], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
                Verify.That((DateTime.UtcNow - seen).Duration() < TimeSpan.FromMinutes(15), $"a file just stored has the time {now.Text}, and it is {DateTime.UtcNow:yyyyMMddHHmmss} UTC");
            });

        Check("F3659-2.3-2", Level.Choice, "",
            "No fraction is sent by default, even when the file system has one.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"MFMT 20200102030405.123 {up}/x", 213);
                await s.DoAsync($"MDTM {up}/x", "213 20200102030405");
            },
            needs: ["MFMT"]);

        Check("F3659-2.3-3", Level.Must, "RFC 3659 §2.3",
            "Received times accept an optional fraction and second 60.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"MFMT 20200102030405.250 {up}/x", 213);
                await s.DoAsync($"MFMT 20161231235960 {up}/x", 213);
            },
            needs: ["MFMT"]);

        Check("F3659-3.1-1", Level.Must, "RFC 3659 §3.1",
            "MDTM answers one line 213 time.",
            async c =>
            {
                c.Need(FixturePart.Times);
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("MDTM docs/a.txt", "213 20200102030405");
                Verify.Equal(1, reply.Lines.Count, "lines of the reply");
            });

        Check("F3659-3.2-1", Level.Should, "RFC 3659 §3.2",
            "Missing files give 550, no argument 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MDTM nope", 550);
                await s.DoAsync("MDTM", 501);
            });

        Check("F3659-3.1-2", Level.Choice, "",
            "MDTM of a directory gives 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MDTM docs", 550);
            });

        Check("F3659-3.4-1", Level.Must, "RFC 3659 §3.4",
            "A file whose name looks like YYYYMMDDHHMMSS name is queried literally.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                Reply named = await s.DoAsync("MDTM docs/20200102030405 f", 213);
                await s.DoAsync("CWD docs", 250);
                Reply before = await s.DoAsync("MDTM 20200102030405 f", 213);
                Reply after = await s.DoAsync("MDTM 20200102030405 f", 213);
                Verify.Equal(named.Text, before.Text, "time of the file by its relative name");
                Verify.Equal(before.Text, after.Text, "time of the file after a query");
                Verify.That(after.Text != "20200102030405", "the query set the time of the file");
            });

        Check("F3659-3-DF1", Level.DeFacto, "",
            "If the whole argument names no file, its first token is 14 digits.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"MDTM 20010203040506 {up}/x", "213 20010203040506");
                await s.DoAsync($"MDTM {up}/x", "213 20010203040506");
            });

        Check("F3659-3-DF2", Level.DeFacto, "",
            "The set form with a bad date gives 501 and with a missing file 550; without write permission 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"MDTM 20010230000000 {up}/x", 501);
                await s.DoAsync("MDTM 20010203040506 nope", 550);
                Session bob = await c.LoginAsync(c.Account("bob"));
                await bob.DoAsync($"MDTM 20010203040506 {up}/x", 550);
            });

        Check("F3659-3-DF3", Level.DeFactoOptional, "",
            "A zone suffix in the set form (YYYYMMDDHHMMSS+MMM) is accepted.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                Reply reply = await s.DoAsync($"MDTM 20010203040506+060 {up}/x", 213, 501);
                if (reply.Code == 501)
                    return;
                Reply now = await s.DoAsync($"MDTM {up}/x", 213);
                Verify.That(now.Text is "20010203030506" or "20010203050506", $"the time was not shifted by an hour: {now}");
            });

        Check("F3659-3.3-1", Level.Must, "RFC 3659 §3.3",
            "FEAT lists MDTM.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MDTM docs/a.txt", 213);
                Verify.Contains("MDTM", await s.FeaturesAsync(), "FEAT");
            });

        Check("F3659-4.1-1", Level.Must, "RFC 3659 §4.1",
            "SIZE answers one line 213 digits.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("SIZE docs/a.txt", "213 12");
                Verify.Equal(1, reply.Lines.Count, "lines of the reply");
            });

        Check("F3659-4-1", Level.Must, "RFC 3659 §4",
            "The value is the exact transfer length for the current TYPE, STRU and MODE, never an estimate.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                Reply plain = await s.DoAsync("SIZE docs/a.txt", 213, 550);
                Reply lines = await s.DoAsync("SIZE docs/crlf.txt", 213, 550);
                if (plain.Code == 213)
                    Verify.Equal($"{(await s.GetAsync("docs/a.txt")).Length}", plain.Text, "SIZE in TYPE A, compared with what RETR sends");
                if (lines.Code == 213)
                    Verify.Equal($"{(await s.GetAsync("docs/crlf.txt")).Length}", lines.Text, "SIZE of CRLF text in TYPE A, compared with what RETR sends");
                await s.DoAsync("TYPE I", 200);
                await s.DoAsync("SIZE docs/a.txt", "213 12");
            });

        Check("F3659-4-2", Level.Choice, "",
            "In TYPE A files up to a limit (default 64 MiB) are scanned; above it SIZE gives 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                const int Length = (64 << 20) + 1;
                await s.PutAsync($"{up}/large", new byte[Length]);
                await s.DoAsync($"SIZE {up}/large", $"213 {Length}");
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync($"SIZE {up}/large", 550);
                await s.DoAsync("SIZE docs/a.txt", "213 14");
                await s.DoAsync($"DELE {up}/large", 250);
            },
            seconds: 90, turn: Turn.Alone);

        Check("F3659-4.2-1", Level.Should, "RFC 3659 §4.2",
            "Missing files and directories give 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SIZE nope", 550);
                await s.DoAsync("SIZE docs", 550);
            });

        Check("F3659-4-3", Level.Must, "RFC 3659 §4",
            "Files of 4 GiB and more are reported exactly.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                long length = await HugeFile.MakeAsync(s, $"{up}/huge");
                Verify.That(length > uint.MaxValue, "the file that was made is smaller than 4 GiB");
                await s.DoAsync($"SIZE {up}/huge", $"213 {length}");
                await s.DoAsync($"DELE {up}/huge", 250);
            },
            seconds: 180, turn: Turn.Alone);

        Check("F3659-4.3-1", Level.Must, "RFC 3659 §4.3",
            "FEAT lists SIZE.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SIZE docs/a.txt", 213);
                Verify.Contains("SIZE", await s.FeaturesAsync(), "FEAT");
            });

        Check("F3659-4-4", Level.Choice, "",
            "In MODE Z SIZE still reports the uncompressed length.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE Z", 200);
                await s.DoAsync("SIZE docs/a.txt", "213 12");
            },
            needs: ["MODE Z"]);
    }
}
