using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 19: RANG of draft-bryan-ftp-range.</summary>
internal sealed class S19_Range : Section
{
    public S19_Range()
        : base("19 RANG")
    {
        Check("RANG-3-1", Level.Must, "draft §3",
            "RANG s e answers 350; both ends are inclusive octet offsets.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("RANG 0 1", 350);
                await s.GetAsync("docs/a.txt", "he");
            },
            needs: ["RANG"]);

        Check("RANG-3-2", Level.Must, "draft §3",
            "RANG 1 0 resets and answers 350.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("RANG 0 1", 350);
                await s.DoAsync("RANG 1 0", 350);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["RANG"]);

        Check("RANG-3-3", Level.Must, "draft §3",
            "s > e otherwise gives 501 and resets.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("RANG 0 1", 350);
                await s.DoAsync("RANG 5 2", 501);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["RANG"]);

        Check("RANG-3-4", Level.Must, "draft §3/§5",
            "Missing or non-numeric arguments give 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string bad in (string[])["RANG", "RANG 1", "RANG a b", "RANG -1 2"])
                    await s.DoAsync(bad, 501);
            },
            needs: ["RANG"]);

        Check("RANG-3.1-1", Level.Must, "draft §3.1",
            "FEAT lists exactly RANG STREAM.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Contains("RANG STREAM", await s.FeaturesAsync(), "FEAT");
            },
            needs: ["RANG"]);

        Check("RANG-4.3-1", Level.Should, "draft §4.3",
            "RETR of a range starting at or beyond the end transfers 0 octets with 226; an end beyond the file sends to the end.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("RANG 12 20", 350);
                await s.GetAsync("docs/a.txt", "");
                await s.DoAsync("RANG 6 999", 350);
                await s.GetAsync("docs/a.txt", "world\n");
            },
            needs: ["RANG"]);

        Check("RANG-4.3-2", Level.Must, "draft §4.3",
            "STOR with a range changes only octets inside it and never truncates.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/g", "abcdef");
                await s.DoAsync("RANG 1 2", 350);
                await s.PutAsync($"{up}/g", "XY");
                await s.GetAsync($"{up}/g", "aXYdef");
            },
            needs: ["RANG"]);

        Check("RANG-4.3-3", Level.Choice, "",
            "Octets beyond the range sent by the client are refused with 552 after the range is written.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/g", "abcdef");
                await s.DoAsync("RANG 1 2", 350);
                await using DataConnection data = await s.BeginAsync($"STOR {up}/g");
                await data.WriteAsync("XYZ");
                await data.CloseAsync();
                await s.ExpectAsync(552);
                await s.GetAsync($"{up}/g", "aXYdef");
            },
            needs: ["RANG"]);

        Check("RANG-4.3-4", Level.Should, "draft §4.3",
            "STOR with s beyond the file size is rejected with 554.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/g", "abcdef");
                await s.DoAsync("RANG 9 10", 350);
                await s.RefusedAsync($"STOR {up}/g", 554);
                await s.GetAsync($"{up}/g", "abcdef");
            },
            needs: ["RANG"]);

        Check("RANG-4.3-5", Level.Must, "draft §4.3",
            "APPE with a range acts as STOR; STOU gives 503.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/g", "abcdef");
                await s.DoAsync("RANG 1 2", 350);
                await s.UpAsync($"APPE {up}/g", "XY");
                await s.GetAsync($"{up}/g", "aXYdef");
                await s.DoAsync("RANG 0 1", 350);
                await s.RefusedAsync("STOU", 503);
            },
            needs: ["RANG"]);

        Check("RANG-5-1", Level.Should, "draft §5",
            "Outside TYPE I + MODE S the reply to RANG is 551; forbidden for the user 552.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("RANG 0 1", 551);
                await s.DoAsync("TYPE I", 200);
                await s.DoAsync("RANG 0 1", 350);
            },
            needs: ["RANG"]);

        Check("RANG-DF-1", Level.Choice, "",
            "The last of REST and RANG wins, and both are used up by one transfer.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 6", 350);
                await s.DoAsync("RANG 0 1", 350);
                await s.GetAsync("docs/a.txt", "he");
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await s.DoAsync("RANG 0 1", 350);
                await s.DoAsync("REST 6", 350);
                await s.GetAsync("docs/a.txt", "world\n");
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["RANG"]);

        Check("RANG-DF-2", Level.Choice, "",
            "RANGE is not an FTP verb and answers 500.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("RANGE 0 1", 500);
            });
    }
}
