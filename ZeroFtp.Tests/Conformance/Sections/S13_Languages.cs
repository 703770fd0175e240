using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 13: the internationalisation of RFC 2640.</summary>
internal sealed class S13_Languages : Section
{
    public S13_Languages()
        : base("13 Internationalisation")
    {
        Check("F2640-3.1-1", Level.Must, "RFC 2640 §3.1",
            "Pathnames are octet strings 0x01–0xFF; valid UTF-8 is treated as UTF-8, other octets are kept raw.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoRawAsync($"MKD {up}/\xff\xff\xfe", 257);
                await s.DoRawAsync($"MKD {up}/\xe9", 257);
                Transfer names = await s.DownAsync($"NLST {up}");
                IEnumerable<string> last = names.Lines.Select(line => line.Split('/')[^1]);
                Verify.Contains("\xff\xfe", last, "NLST");
                Verify.Contains("\xe9", last, "NLST");
            });

        Check("F2640-3.1-2", Level.Must, "RFC 2640 §3.1",
            "Exactly one space separates verb and pathname.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"CWD {up}", 250);
                await s.DoAsync("MKD  x", $"257 \"/{up}/ x\"…");
            });

        Check("F2640-3.1-3", Level.Must, "RFC 2640 §3.1",
            "CR NUL handling as in TEL-11/12.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoRawAsync($"MKD {up}/a\r\0b", 553);
                await s.InStepAsync();
                await s.ExpectSilenceAsync(0.2);
            });

        Check("F2640-3.2-1", Level.Must, "RFC 2640 §3.2",
            "FEAT lists the exact string UTF8.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Contains("UTF8", await s.FeaturesAsync(), "FEAT");
            });

        Check("F2640-3.1-4", Level.Choice, "",
            "Names are not normalised; NFC and NFD forms are different names.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoRawAsync($"MKD {up}/\xc3\xbc", 257);
                await s.DoRawAsync($"MKD {up}/u\xcc\x88", 257);
                IEnumerable<string> names = (await s.DownAsync($"NLST {up}")).Lines.Select(line => line.Split('/')[^1]);
                Verify.Contains("\xc3\xbc", names, "NLST");
                Verify.Contains("u\xcc\x88", names, "NLST");
            });

        Check("F2640-4.1-1", Level.Must, "RFC 2640 §4.1",
            "LANG selects the language of reply texts; codes and data are unaffected; LANG alone returns to the default.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("LANG en", 200);
                await s.DoAsync("LANG", 200);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("LANG en", 200);
                await s.DoAsync("SIZE docs/a.txt", 213);
            },
            needs: ["LANG"]);

        Check("F2640-4.2-1", Level.Should, "RFC 2640 §4.2",
            "A malformed tag gives 501, an unsupported tag 504; a regional variant may be mapped to the primary language.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("LANG e!n", 501);
                await s.DoAsync("LANG abcdefghi", 501);
                await s.DoAsync("LANG xx", 504);
                await s.DoAsync("LANG en-AU", 200, 504);
            },
            needs: ["LANG"]);

        Check("F2640-4.3-1", Level.Must, "RFC 2640 §4.3",
            "FEAT has LANG with ;-separated tags and * at the current one, no trailing semicolon.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await c.NeedAsync("LANG");
                Verify.Matches(@"^LANG [A-Za-z0-9-]+\*?(;[A-Za-z0-9-]+\*?)*$", await s.FeatureAsync("LANG"), "FEAT line");
                Verify.Matches(@"^LANG [^*]*\*[^*]*$", await s.FeatureAsync("LANG"), "FEAT line has one asterisk");
            });

        Check("F2640-4.1-2", Level.Must, "RFC 2640 §4.1",
            "HOST and REIN undo LANG.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                string[] tags = (await s.FeatureAsync("LANG"))["LANG ".Length..].Split(';');
                string? second = tags.FirstOrDefault(tag => !tag.EndsWith('*'));
                Skip.Unless(second is not null, "second language", "LANG offers one language only");
                Reply before = await s.AskAsync("NOSUCHVERB");
                await s.DoAsync($"LANG {second}", 200);
                Reply foreign = await s.AskAsync("NOSUCHVERB");
                Verify.Equal(before.Code, foreign.Code, "code in the other language");
                Verify.That(before.Text != foreign.Text, $"the text is the same in {second}: {foreign}");
                await s.DoAsync("REIN", 220);
                Reply after = await s.AskAsync("NOSUCHVERB");
                Verify.Equal(before.Text, after.Text, "text after REIN");
            },
            profile: Profiles.Texts, needs: ["LANG"]);

        Check("F2640-DF-1", Level.DeFacto, "",
            "OPTS UTF8 ON gives 200 in every state; OFF gives 501 unless a legacy code page is configured.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                foreach (string line in (string[])["OPTS UTF8 ON", "OPTS UTF-8 ON", "OPTS utf8", "OPTS UTF8 NLST"])
                    await s.DoAsync(line, 200);
                await s.DoAsync("OPTS UTF8 OFF", 501);
                await s.DoAsync("OPTS UTF8 X", 501);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("OPTS UTF8 ON", 200);
            });
    }
}
