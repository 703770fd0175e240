using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 10: FEAT and OPTS of RFC 2389.</summary>
internal sealed class S10_Feat : Section
{
    public S10_Feat()
        : base("10 FEAT and OPTS")
    {
        Check("F2389-3.1-1", Level.Must, "RFC 2389 §3.2",
            "FEAT answers 211- text, one line per feature indented by exactly one space, and 211 End.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("FEAT", 211);
                Verify.Matches(@"\A211-[^\r\n]*\r\n( [!-~][ -~]*\r\n)+211 End\r\n\z", reply.Whole, "FEAT");
            });

        Check("F2389-3.2-1", Level.Must, "RFC 2389 §3.2",
            "FEAT with an argument gives 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("FEAT x", 501);
            });

        Check("F2389-3.2-2", Level.Must, "RFC 2389 §3.2",
            "If there is nothing to list the reply is a single 211 line.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("FEAT", 211);
                Verify.Equal(1, reply.Lines.Count, "lines of FEAT when everything is off");
            },
            profile: Profiles.Bare);

        Check("F2389-3.2-3", Level.Must, "RFC 2389 §3.2",
            "Everything beyond RFC 959 that is enabled is listed, nothing that is disabled is listed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> lines = await s.FeaturesAsync();
                HashSet<string> labels = [.. lines.Select(line => line.Split(' ')[0].ToUpperInvariant())];
                string up = await c.ScratchAsync(s);
                foreach (string name in (string[])["a", "b"])
                    await s.PutAsync($"{up}/{name}", "1");
                await s.DoAsync($"MKD {up}/d", 257);
                List<string> wrong = [];
                foreach (string command in Extensions(up, s.Control.Local))
                {
                    string verb = command.Split(' ')[0];
                    // These two belong before the login.
                    Session asked = verb is "AUTH" or "HOST" ? await c.ConnectAsync() : s;
                    Reply reply = await asked.AskAsync(command);
                    bool known = reply.Code is not (500 or 502);
                    if (known != labels.Contains(verb))
                        wrong.Add($"{verb} is {(known ? "not listed" : "listed")} but {command} was answered {reply.Code}");
                }

                Verify.That(wrong.Count == 0, string.Join("; ", wrong));
            },
            seconds: 60);

        Check("F2389-3.2-4", Level.MustNot, "RFC 2389 §3.2",
            "FEAT and OPTS themselves are not listed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IEnumerable<string> labels = (await s.FeaturesAsync()).Select(line => line.Split(' ')[0].ToUpperInvariant());
                Verify.That(labels.Any(), "FEAT lists nothing");
                Verify.Lacks("FEAT", labels, "FEAT");
                Verify.Lacks("OPTS", labels, "FEAT");
            });

        Check("F2389-3.2-5", Level.DeFacto, "",
            "FEAT works before login and before AUTH, and reflects the present state (asterisks in MLST, HASH, LANG).",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("FEAT", 211);
                await c.NeedAsync("HASH");
                Session t = await c.LoginAsync();
                await t.DoAsync("OPTS HASH SHA-1", 200);
                Verify.Matches(@"^HASH .*\bSHA-1\*", await t.FeatureAsync("HASH"), "FEAT after OPTS HASH SHA-1");
            });

        Check("F2389-3.2-6", Level.Choice, "",
            "FEAT labels are upper case except MLST/MFF fact names.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> lines = await s.FeaturesAsync();
                Verify.That(lines.Count > 0, "FEAT lists nothing");
                foreach (string line in lines)
                    Verify.Matches("^[A-Z0-9.-]+$", line.Split(' ')[0], "FEAT label");
            });

        Check("F2389-4-1", Level.Must, "RFC 2389 §4",
            "OPTS known + valid gives 200; anything else 501 (451 if transient).",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS MLST type;", 200);
                await s.DoAsync("OPTS RETR x", 501);
                await s.DoAsync("OPTS", 501);
                await s.DoAsync("OPTS NOSUCH", 501);
            });

        Check("F2389-4-2", Level.Must, "RFC 2389 §4",
            "A rejected OPTS changes nothing.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS HASH SHA-512", 200);
                await s.DoAsync("OPTS HASH NOPE", 501);
                await s.DoAsync("OPTS HASH", "200 SHA-512");
            },
            needs: ["HASH"]);

        Check("F2389-4-3", Level.DeFacto, "",
            "OPTS target names are case-insensitive and OPTS UTF8 works before login.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("opts utf8 on", 200);
            });

        Check("FEAT-1", Level.Choice, "",
            "Full FEAT list when everything is enabled: AUTH TLS, AVBL, CCC, CLNT, COMB, CPSV, CSID, DSIZ, EPRT, EPSV, HASH …, HOST, LANG EN*, MDTM, MFCT, MFF modify;…, MFMT, MLST …, MODE Z, PBSZ, PROT, RANG STREAM, REST STREAM, RMDA, SIZE, SITE ….",
            async c =>
            {
                Session s = await c.LoginAsync();
                HashSet<string> labels = [.. (await s.FeaturesAsync()).Select(line => line.Split(' ')[0])];
                IEnumerable<string> missing = FullList.Except(labels).Except(["THMB"]);
                IEnumerable<string> more = labels.Except(FullList);
                Verify.That(!missing.Any() && !more.Any(), $"not listed: {string.Join(' ', missing)}; listed beyond: {string.Join(' ', more)}");
            },
            profile: Profiles.EverythingOn);

        Check("FEAT-2", Level.DeFacto, "",
            "Do not list PRET, MLSD, PASV, OPTS …, or decorative lines, since some clients change behaviour or warn on them.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> lines = await s.FeaturesAsync();
                Verify.That(lines.Count > 0, "FEAT lists nothing");
                foreach (string line in lines)
                    Verify.NoMatch("^(PRET|MLSD|PASV|OPTS|FEAT)", line, "FEAT line");
            });
    }

    /// <summary>Verbs beyond RFC 959 whose FEAT line is the verb itself, each as a client would send it: what a server does with an argument that no client sends may not tell whether it knows the verb.</summary>
    private static string[] Extensions(string up, IPEndPoint own) =>
    [
        "AUTH TLS", $"AVBL {up}", "CLNT conformance", $"COMB \"{up}/c\" \"{up}/a\" \"{up}/b\"", "CPSV", "CSID Name=conformance; Version=1;", $"DSIZ {up}",
        $"EPRT |{(own.AddressFamily == AddressFamily.InterNetwork ? 1 : 2)}|{own.Address}|40001|", "EPSV", "HASH docs/a.txt", "HOST localhost", "LANG EN", "MDTM docs/a.txt", $"MFCT 20200102030405 {up}/d",
        $"MFF Modify=20200102030405; {up}/d", $"MFMT 20200102030405 {up}/d", "MLST docs/a.txt", "PBSZ 0", "PROT C", "RANG 0 3", "SIZE docs/a.txt", "SSCN OFF", "THMB PNG 32 32 docs/a.txt", "XCRC docs/a.txt",
        "XMD5 docs/a.txt", "XSHA docs/a.txt", "XSHA1 docs/a.txt", "XSHA256 docs/a.txt", "XSHA512 docs/a.txt", $"RMDA {up}/d",
    ];

    /// <summary>THMB among them is left to the server: what has no thumbnails answers 502 and does not list it.</summary>
    private static readonly string[] FullList =
    [
        "AUTH", "AVBL", "CCC", "CLNT", "COMB", "CPSV", "CSID", "DSIZ", "EPRT", "EPSV", "HASH", "HOST", "LANG", "MD5", "MDTM", "MFCT", "MFF", "MFMT", "MLST",
        "MMD5", "MODE", "PBSZ", "PROT", "RANG", "REST", "RMDA", "SIZE", "SITE", "SSCN", "THMB", "TVFS", "UTF8", "XCRC", "XMD5", "XQUOTA", "XSHA", "XSHA1", "XSHA256", "XSHA512",
    ];
}
