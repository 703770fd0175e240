using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 14: which facts are offered and how OPTS MLST selects them.</summary>
internal sealed class S14f_Selection : Section
{
    public S14f_Selection()
        : base("14 Facts and OPTS MLST")
    {
        Check("F3659-7.5.10-1", Level.Should, "RFC 3659 §7.5.10",
            "type, size, modify, perm and unique are supported and on by default.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string line = await s.FeatureAsync("MLST");
                foreach (string fact in (string[])["type", "size", "modify", "perm", "unique"])
                    Verify.Matches($@"(?i)[ ;]{fact}\*;", line, "FEAT line");
            },
            needs: ["MLST"]);

        Check("F3659-7.6.1-1", Level.DeFacto, "",
            "UNIX.mode.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string line = await s.FeatureAsync("MLST");
                foreach (string fact in (string[])["mode", "owner", "group", "uid", "gid", "ownername", "groupname"])
                    Verify.Matches($@"[ ;]UNIX\.{fact}\*?;", line, "FEAT line");
                await s.DoAsync("OPTS MLST UNIX.mode;UNIX.uid;", 200);
                Reply reply = await s.DoAsync("MLST docs/a.txt", 250);
                Verify.Matches(@"^ UNIX\.mode=0[0-7]{3};UNIX\.uid=\d+; /docs/a\.txt$", reply.Lines[1], "line of facts");
            },
            needs: ["MLST"]);

        Check("F3659-7.6.2-1", Level.Must, "RFC 3659 §7.6.2",
            "Private facts begin with X..",
            async c =>
            {
                Session s = await c.LoginAsync();
                string[] facts = (await s.FeatureAsync("MLST"))["MLST ".Length..].Split(';', StringSplitOptions.RemoveEmptyEntries);
                Verify.That(facts.Length > 0, "no facts in FEAT");
                foreach (string fact in facts.Select(fact => fact.TrimEnd('*')))
                    Verify.Matches(@"(?i)^(size|modify|create|type|unique|perm|lang|media-type|charset|(UNIX|X|OS|MACOS|WIN32)\..+)$", fact, "fact in FEAT");
            },
            needs: ["MLST"]);

        Check("F3659-7.8-1", Level.Must, "RFC 3659 §7.8",
            "FEAT has MLST plus fact list, * marking selected facts, each ended by ;; no MLSD line.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Matches(@"^MLST ([A-Za-z.-]+\*?;)+$", await s.FeatureAsync("MLST"), "FEAT line");
                Verify.That(!(await s.FeaturesAsync()).Any(line => line.StartsWith("MLSD", StringComparison.Ordinal)), "FEAT lists MLSD");
            },
            needs: ["MLST"]);

        Check("F3659-7.9-1", Level.Must, "RFC 3659 §7.9",
            "OPTS MLST selects exactly the listed supported facts for later MLST and MLSD, and answers 200 MLST OPTS list.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("OPTS MLST size;modify;", 200);
                Verify.Matches("^MLST OPTS (size;modify;|modify;size;)$", reply.Text.ToLowerInvariant().Replace("mlst opts", "MLST OPTS", StringComparison.Ordinal), "reply");
                MlsxEntry entry = await s.MlstAsync("docs/a.txt");
                Verify.Equal("modify size", string.Join(' ', entry.FactNames.Select(name => name.ToLowerInvariant()).Order()), "facts of MLST");
                Verify.Equal("modify size", string.Join(' ', (await s.MlsdAsync("docs")).Named("a.txt").FactNames.Select(name => name.ToLowerInvariant()).Order()), "facts of MLSD");
                string line = await s.FeatureAsync("MLST");
                Verify.Matches(@"(?i)[ ;]size\*;", line, "FEAT line");
                Verify.Matches(@"(?i)[ ;]modify\*;", line, "FEAT line");
                Verify.Matches("(?i)[ ;]type;", line, "FEAT line");
            },
            needs: ["MLST"]);

        Check("F3659-7.9-2", Level.Must, "RFC 3659 §7.9",
            "Unknown facts are ignored silently, case does not matter.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("OPTS MLST TYPE;frogs;", 200);
                Verify.Matches("(?i)^MLST OPTS type;$", reply.Text, "reply");
                Verify.Equal("type", string.Join(' ', (await s.MlstAsync("docs/a.txt")).FactNames).ToLowerInvariant(), "facts of MLST");
            },
            needs: ["MLST"]);

        Check("F3659-7.9-3", Level.Must, "RFC 3659 §7.9",
            "An empty list selects no facts; then two spaces precede the name in MLST and one in MLSD.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS MLST", "200 MLST OPTS");
                Reply reply = await s.DoAsync("MLST docs/a.txt", 250);
                Verify.Equal("  /docs/a.txt", reply.Lines[1], "line of MLST");
                Verify.Contains(" a.txt", (await s.DownAsync("MLSD docs")).Lines, "MLSD docs");
            },
            needs: ["MLST"]);

        Check("F3659-7.9-4", Level.Must, "RFC 3659 §7.9.2",
            "A syntax error gives 501 and keeps the old selection.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string before = (await s.MlstAsync("docs/a.txt")).Line;
                await s.DoAsync("OPTS MLST unique type;", 501);
                Verify.Equal(before, (await s.MlstAsync("docs/a.txt")).Line, "MLST after the refused OPTS");
                await s.DoAsync("OPTS MLST type;size", 200);
                Verify.Equal("size type", string.Join(' ', (await s.MlstAsync("docs/a.txt")).FactNames.Select(name => name.ToLowerInvariant()).Order()), "facts after a list without its last semicolon");
            },
            needs: ["MLST"]);
    }
}
