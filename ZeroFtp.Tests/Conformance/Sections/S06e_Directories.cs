using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 6.3: DELE, RMD, MKD, PWD, and appendix II of RFC 959.</summary>
internal sealed class S06e_Directories : Section
{
    public S06e_Directories()
        : base("6.3 DELE, RMD, MKD, PWD")
    {
        Check("F959-4.1.3-40", Level.Must, "RFC 959 DELE",
            "DELE removes a file with 250; missing, forbidden or directory gives 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/t", "x");
                await s.DoAsync($"DELE {up}/t", 250);
                await s.DoAsync($"DELE {up}/t", 550);
                await s.DoAsync("DELE docs", 550);
                await s.DoAsync("CWD docs", 250);
            });

        Check("F959-4.1.3-41", Level.Must, "RFC 959 RMD",
            "RMD removes an empty directory with 250.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/d", 257);
                await s.DoAsync($"RMD {up}/d", 250);
                await s.DoAsync($"CWD {up}/d", 550);
            });

        Check("F959-4.1.3-42", Level.Choice, "",
            "RMD of a non-empty directory, a file, / or a missing path gives 550 and says why.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("RMD docs", "550 …not empty…");
                await s.DoAsync("RMD docs/a.txt", 550);
                await s.DoAsync("RMD /", 550);
                await s.DoAsync("RMD nope", 550);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("F959-4.1.3-43", Level.Choice, "",
            "DELE on a symlink removes the link, never its target.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"SITE SYMLINK /docs/a.txt {up}/l", 200);
                await s.DoAsync($"DELE {up}/l", 250);
                await s.DoAsync("SIZE docs/a.txt", "213 12");
                await s.DoAsync($"SIZE {up}/l", 550);
            },
            needs: ["SITE SYMLINK"]);

        Check("F959-AII-1", Level.Must, "RFC 959 App. II",
            "MKD answers 257 with the absolute path in double quotes.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"CWD {up}", 250);
                await s.DoAsync("MKD d1", $"257 \"/{up}/d1\"…");
            });

        Check("F959-AII-2", Level.Must, "RFC 959 App. II",
            "Double quotes inside the name are doubled.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/x\"y", $"257 \"/{up}/x\"\"y\"…");
                await s.DoAsync("CWD docs/q\"uote", 250);
                await s.DoAsync("PWD", "257 \"/docs/q\"\"uote\"…");
            });

        Check("F959-AII-3", Level.DeFacto, "",
            "The quote follows 257  directly and the commentary contains no further double quote.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("PWD", 257);
                Verify.Matches("\\A257 \"/\" [^\"]*\\z", reply.Line, "PWD");
            });

        Check("F959-AII-4", Level.Choice, "RFC 959 App. II",
            "MKD of an existing name gives 550 whose text contains already exists, not 521.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MKD docs", "550 …already exists…");
            });

        Check("F959-AII-5", Level.Must, "RFC 959 App. II",
            "A relative MKD/RMD argument is taken below the current directory.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"CWD {up}", 250);
                await s.DoAsync("MKD a/b", 550);
                await s.DoAsync("MKD a", 257);
                await s.DoAsync("MKD a/b", $"257 \"/{up}/a/b\"…");
                await s.DoAsync("RMD a/b", 250);
                await s.DoAsync($"CWD /{up}/a/b", 550);
            });

        Check("F959-AII-6", Level.Must, "RFC 959 App. II",
            "CDUP, RMD and MKD use the reply codes of CWD, DELE and STOR respectively.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CDUP", 250);
                await s.DoAsync("RMD nope", 550);
                await s.DoAsync("DELE nope", 550);
                await s.DoAsync("MKD nodir/x", 550);
                await s.RefusedAsync("STOR nodir/x", 550);
            });

        Check("F959-4.1.3-44", Level.Must, "RFC 959 PWD",
            "PWD reports the current directory.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("PWD", "257 \"/\"…");
                await s.DoAsync("CWD docs", 250);
                await s.DoAsync("PWD", "257 \"/docs\"…");
            });

        Check("F959-4.1.3-45", Level.Choice, "",
            "If the current directory was removed meanwhile, PWD still answers 257 with its old name and relative access gives 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Session other = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/gone", 257);
                await s.DoAsync($"CWD {up}/gone", 250);
                await other.DoAsync($"RMD {up}/gone", 250);
                await s.DoAsync("PWD", $"257 \"/{up}/gone\"…");
                await s.RefusedAsync("LIST", 550);
                await s.DoAsync("CWD /", 250);
            });
    }
}
