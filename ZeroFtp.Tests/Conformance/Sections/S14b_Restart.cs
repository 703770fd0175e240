using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 14: REST STREAM of RFC 3659.</summary>
internal sealed class S14b_Restart : Section
{
    public S14b_Restart()
        : base("14 Restart of stream transfers")
    {
        Check("F3659-5.3-1", Level.Must, "RFC 3659 §5.3",
            "REST takes digits only and answers 350 for any value, range being checked by the transfer verb.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 99999999999", 350);
                await s.DoAsync("REST -1", 501);
                await s.DoAsync("REST 1x", 501);
                await s.DoAsync("REST", 501);
            });

        Check("F3659-5.3-12", Level.Choice, "",
            "Offsets up to 2^63−1 are accepted; larger ones give 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 9223372036854775807", 350);
                await s.DoAsync("REST 9223372036854775808", 501);
            });

        Check("F3659-5.3-2", Level.Must, "RFC 3659 §5.3",
            "RETR after REST n sends from octet n.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 6", 350);
                await s.GetAsync("docs/a.txt", "world\n");
            });

        Check("F3659-5.3-3", Level.Choice, "",
            "n equal to the size gives an empty transfer with 226; n beyond the size gives 554.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 12", 350);
                await s.GetAsync("docs/a.txt", "");
                await s.DoAsync("REST 13", 350);
                await s.RefusedAsync("RETR docs/a.txt", 554);
            });

        Check("F3659-5.3-4", Level.Must, "RFC 3659 §5.3",
            "STOR after REST n writes at octet n.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/r", "abcdef");
                await s.DoAsync("REST 3", 350);
                await s.PutAsync($"{up}/r", "XYZ");
                await s.GetAsync($"{up}/r", "abcXYZ");
            });

        Check("F3659-5.3-5", Level.Choice, "",
            "STOR after REST does not cut off data behind the written part.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/r", "abcdef");
                await s.DoAsync("REST 1", 350);
                await s.PutAsync($"{up}/r", "Q");
                await s.GetAsync($"{up}/r", "aQcdef");
            });

        Check("F3659-5.3-6", Level.Choice, "",
            "STOR with a restart offset beyond the present size gives 554; a missing file counts as size 0.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/r", "abcdef");
                await s.DoAsync("REST 9", 350);
                await s.RefusedAsync($"STOR {up}/r", 554);
                await s.GetAsync($"{up}/r", "abcdef");
                await s.DoAsync("REST 5", 350);
                await s.RefusedAsync($"STOR {up}/new", 554);
                await s.DoAsync($"SIZE {up}/new", 550);
            });

        Check("F3659-5.3-7", Level.Must, "RFC 3659 §5.3",
            "APPE after REST acts as STOR at that offset.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/r", "abcdef");
                await s.DoAsync("REST 3", 350);
                await s.UpAsync($"APPE {up}/r", "ZZ");
                await s.GetAsync($"{up}/r", "abcZZf");
            });

        Check("F3659-5.3-8", Level.Choice, "",
            "STOU after REST gives 503.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"CWD {up}", 250);
                await s.DoAsync("REST 3", 350);
                await s.RefusedAsync("STOU", 503);
                Verify.Equal(0, (await s.DownAsync("NLST")).Lines.Count, "files after the refused STOU");
            });

        Check("F3659-5.3-9", Level.Should, "RFC 3659 §5.3",
            "The marker is used by one transfer verb only and discarded whether it succeeds or fails; REST 0 clears it.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 6", 350);
                await s.RefusedAsync("RETR nope", 550);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await s.DoAsync("REST 6", 350);
                await s.GetAsync("docs/a.txt", "world\n");
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await s.DoAsync("REST 6", 350);
                await s.DoAsync("REST 0", 350);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("F3659-5.3-10", Level.Choice, "",
            "LIST, NLST, MLSD, STAT path, HASH ignore a REST marker; LIST/NLST/MLSD also discard it.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string whole = (await s.DownAsync("LIST docs")).Text;
                foreach (string verb in (string[])["LIST", "NLST"])
                {
                    await s.DoAsync("REST 6", 350);
                    Transfer listing = await s.DownAsync($"{verb} docs");
                    if (verb == "LIST")
                        Verify.Equal(whole, listing.Text, "LIST after REST");
                    Verify.That(listing.Text.Contains("a.txt", StringComparison.Ordinal), $"{verb} after REST lacks a.txt: {Octets.Show(listing.Data)}");
                    await s.GetAsync("docs/a.txt", "hello\nworld\n");
                }
            });

        Check("F3659-5.3-11", Level.Choice, "",
            "In TYPE A with n > 0 the offset counts transmitted octets exactly, or the transfer verb gives 554.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("REST 7", 350);
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                Reply reply = await s.DoAsync("RETR docs/a.txt", 150, 554);
                if (reply.Code == 554)
                    return;
                Verify.Bytes("world\r\n", await data.ReadToEndAsync(), "data from octet 7 of the ASCII form");
                await s.ExpectAsync(226);
            });

        Check("F3659-5.4-1", Level.Must, "RFC 3659 §5.4",
            "FEAT lists exactly REST STREAM.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Contains("REST STREAM", await s.FeaturesAsync(), "FEAT");
            });
    }
}
