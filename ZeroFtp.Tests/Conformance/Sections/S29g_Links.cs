using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 29.9: what clients do with links.</summary>
internal sealed class S29g_Links : Section
{
    public S29g_Links()
        : base("29 Links")
    {
        Check("LNK-1", Level.DeFacto, "",
            "RMD and DELE of a link remove the link, also of one to a directory; SITE words take names with spaces in quotes.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/a b", 257);
                await s.PutAsync($"{up}/a b/kept", "kept");
                foreach (string removal in (string[])["RMD", "DELE"])
                {
                    await s.DoAsync($"SITE SYMLINK \"a b\" \"{up}/l k\"", 200);
                    await s.GetAsync($"{up}/l k/kept", "kept");
                    await s.DoAsync($"{removal} {up}/l k", 250);
                    await s.GetAsync($"{up}/a b/kept", "kept");
                }
            },
            needs: ["SITE SYMLINK"]);

        Manual("LNK-2", Level.Choice, "",
            "What a listing tells of a link's target asks the rules of the target.",
            "It takes an account with a rule for the target: LinkTests.A_link_tells_nothing_of_a_target_that_a_rule_forbids.");
    }
}
