using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 14: the pathnames (TVFS) of RFC 3659.</summary>
internal sealed class S14c_Paths : Section
{
    public S14c_Paths()
        : base("14 Pathnames")
    {
        Check("F3659-6.1-1", Level.Must, "RFC 3659 §6.1",
            "/ separates components and never occurs inside a name.",
            async c =>
            {
                Session s = await c.LoginAsync();
                int count = 0;
                foreach (string directory in (string[])["", "docs", "up"])
                {
                    foreach (MlsxEntry entry in await s.MlsdAsync(directory))
                    {
                        count++;
                        if (entry["type"]?.ToUpperInvariant() is not ("CDIR" or "PDIR"))
                            Verify.NoMatch("/", entry.Name, "name in MLSD");
                    }
                }

                Verify.That(count > 5, "hardly any entry was seen");
            },
            needs: ["MLST"]);

        Check("F3659-6.2-1", Level.Must, "RFC 3659 §6.2",
            "Fully qualified and relative pathnames work in every verb that takes a pathname.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD docs", 250);
                await s.DoAsync("SIZE a.txt", "213 12");
                await s.DoAsync("SIZE /docs/a.txt", "213 12");
                await s.DoAsync("SIZE ../docs/a.txt", "213 12");
                await s.DoAsync("MDTM /docs/a.txt", 213);
                await s.GetAsync("../docs/a.txt", "hello\nworld\n");
                Verify.Equal(1, (await s.DownAsync("LIST /docs/a.txt")).Lines.Count, "lines of LIST /docs/a.txt");
            });

        Check("F3659-6.2.1-1", Level.Choice, "",
            "Repeated and trailing slashes are collapsed for directories; . and .. have their usual meaning, bounded by the root.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SIZE //docs///a.txt", "213 12");
                await s.DoAsync("SIZE docs/./a.txt", "213 12");
                await s.DoAsync("CWD docs/", 250);
                await s.DoAsync("PWD", "257 \"/docs\"…");
                await s.DoAsync("CWD /../..", 250);
                await s.DoAsync("PWD", "257 \"/\"…");
                await s.DoAsync("SIZE docs/a.txt/", 550);
            });

        Check("F3659-6.2.1-2", Level.Choice, "",
            "Names are case-sensitive on case-sensitive stores, otherwise case-preserving.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/Case", "1");
                Reply other = await s.AskAsync($"SIZE {up}/cASE");
                Verify.That(other.Code is 550 or 213, $"SIZE with other case: expected 550, or 213 on a store without case, saw {other}");
                Verify.Contains("Case", (await s.DownAsync($"NLST {up}")).Lines.Select(line => line.Split('/')[^1]), "NLST");
                if (other.Code == 550)
                    await s.DoAsync("SIZE DOCS/A.TXT", 550);
            });

        Check("F3659-6.3-1", Level.Must, "RFC 3659 §6.3",
            "FEAT lists TVFS with nothing after it.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Contains("TVFS", await s.FeaturesAsync(), "FEAT");
            });
    }
}
