using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 21: changing facts by draft-somers-ftp-mfxx.</summary>
internal sealed class S21_Modify : Section
{
    public S21_Modify()
        : base("21 MFMT, MFCT, MFF")
    {
        Check("MFXX-3.1-1", Level.Must, "draft §3.1",
            "MFMT time path sets the modification time and answers 213 Modify=time; path.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"MFMT 20020717210715 {up}/x", $"213 Modify=20020717210715; {up}/x");
                await s.DoAsync($"MDTM {up}/x", "213 20020717210715");
            },
            needs: ["MFMT"]);

        Check("MFXX-3.1-2", Level.Must, "draft §3.1",
            "The reply shows the time actually stored.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                Reply reply = await s.DoAsync($"MFMT 20020717210715.500 {up}/x", 213);
                Match shown = Regex.Match(reply.Text, @"^Modify=(\d{14})(\.\d+)?; ");
                Verify.That(shown.Success, $"no time in {reply}");
                await s.DoAsync($"MDTM {up}/x", $"213 {shown.Groups[1].Value}{shown.Groups[2].Value}");
            },
            needs: ["MFMT"]);

        Check("MFXX-3.2-1", "MUST/SHOULD", "draft §3.2",
            "Invalid date 501; missing file 550; missing arguments 501; not permitted 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"MFMT 20010229000000 {up}/x", 501);
                await s.DoAsync($"MFMT 2002 {up}/x", 501);
                await s.DoAsync("MFMT 20020717210715", 501);
                await s.DoAsync("MFMT 20020717210715 nope", 550);
                Session bob = await c.LoginAsync(c.Account("bob"));
                await bob.DoAsync($"MFMT 20020717210715 {up}/x", 550);
            },
            needs: ["MFMT"]);

        Check("MFXX-3.1-3", Level.Choice, "",
            "MFMT works on directories and takes names with spaces literally.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MFMT 20020717210715 {up}", 213);
                await s.PutAsync($"{up}/a b", "1");
                await s.DoAsync($"MFMT 20020717210715 {up}/a b", $"213 Modify=20020717210715; {up}/a b");
                await s.DoAsync($"MDTM {up}/a b", "213 20020717210715");
            },
            needs: ["MFMT"]);

        Check("MFXX-4.1-1", "MUST if supported", "draft §4.1",
            "MFCT sets the creation time: 213 Create=time; path; otherwise 502 and not in FEAT.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                Reply reply = await s.DoAsync($"MFCT 20020717212230 {up}/x", 213, 502, 500);
                bool listed = (await s.FeaturesAsync()).Any(line => line.StartsWith("MFCT", StringComparison.Ordinal));
                Verify.Equal(reply.Code == 213, listed, "MFCT in FEAT");
                Skip.Unless(reply.Code != 500, "MFCT", "the server does not know MFCT");
                if (reply.Code == 502)
                    return;
                Verify.Equal($"Create=20020717212230; {up}/x", reply.Text, "reply");
                await s.DoAsync("OPTS MLST create;", 200);
                Verify.Equal("20020717212230", (await s.MlstAsync($"{up}/x"))["create"], "create");
            });

        Check("MFXX-5.1-1", Level.Must, "draft §5.1",
            "MFF facts path sets several facts and answers 213 fact=value;… path with the values set.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                Reply reply = await s.DoAsync($"MFF Modify=20020717210715;UNIX.mode=0640; {up}/x", 213);
                Verify.Matches($"(?i)^Modify=20020717210715;UNIX\\.mode=0640; {up}/x$", reply.Text, "reply");
                await s.DoAsync("OPTS MLST modify;UNIX.mode;", 200);
                MlsxEntry entry = await s.MlstAsync($"{up}/x");
                Verify.Equal("20020717210715", entry["modify"], "modify");
                Verify.Equal("0640", entry["UNIX.mode"], "UNIX.mode");
            },
            needs: ["MFF"]);

        Check("MFXX-5.5-1", Level.Should, "draft §5.5",
            "Unknown facts give 504 naming them; bad values 501; missing file 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                Reply unknown = await s.DoAsync($"MFF frogs=1; {up}/x", 504);
                Verify.Matches("(?i)frogs", unknown.Text, "text of 504");
                await s.DoAsync($"MFF Modify=9; {up}/x", 501);
                await s.DoAsync($"MFF UNIX.mode=9; {up}/x", 501);
                await s.DoAsync("MFF Modify=20020717210715; nope", 550);
            },
            needs: ["MFF"]);

        Check("MFXX-5.1-2", Level.Choice, "",
            "All facts are validated before the first is changed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync("OPTS MLST UNIX.mode;", 200);
                string? before = (await s.MlstAsync($"{up}/x"))["UNIX.mode"];
                await s.DoAsync($"MFF UNIX.mode=0600;frogs=1; {up}/x", 504);
                string? after = (await s.MlstAsync($"{up}/x"))["UNIX.mode"];
                Verify.That(before is not null and not "0600", $"UNIX.mode before: {before}");
                Verify.Equal(before, after, "UNIX.mode after the refused MFF");
            },
            needs: ["MFF"]);

        Check("MFXX-5.1-3", Level.Choice, "draft §5.1",
            "MFF without facts (MFF  path) gives 501 by choice.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"MFF  {up}/x", 501);
            },
            needs: ["MFF"]);

        Check("MFXX-5.6-1", Level.Must, "draft §3.3, §4.3, §5.6",
            "FEAT lists MFMT, MFCT if supported, and MFF with ;-terminated fact names.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> lines = await s.FeaturesAsync();
                Verify.Contains("MFMT", lines, "FEAT");
                await c.NeedAsync("MFF");
                string line = await s.FeatureAsync("MFF");
                Verify.Matches(@"^MFF ([A-Za-z.-]+;)+$", line, "FEAT line");
                Verify.Matches("(?i)[ ;]modify;", line, "FEAT line");
            },
            needs: ["MFMT"]);
    }
}
