using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 20: compressed transfers of draft-preston-ftpext-deflate.</summary>
internal sealed class S20_ModeZ : Section
{
    public S20_ModeZ()
        : base("20 MODE Z")
    {
        Check("MODEZ-1", Level.May, "draft",
            "MODE Z is accepted with 200 when enabled, else 504.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("MODE Z", 200, 504);
                if (reply.Code == 200)
                    Verify.Bytes("hello\nworld\n", ZlibData.Inflate(await s.GetAsync("docs/a.txt"), "RETR"), "content");
                else
                    await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("MODEZ-2", Level.DeFacto, "draft",
            "The data stream is one zlib (RFC 1950) stream per transfer, not raw deflate and not gzip.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE Z", 200);
                byte[] packed = await s.GetAsync("docs/a.txt");
                Verify.Equal(0x78, packed.FirstOrDefault(), "first octet");
                Verify.Bytes("hello\nworld\n", ZlibData.Inflate(packed, "RETR"), "content");
            },
            needs: ["MODE Z"]);

        Check("MODEZ-3", "MUST if enabled", "draft",
            "The zlib stream is properly finished (final block, Adler-32) before close.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE Z", 200);
                Verify.Bytes(FixtureTree.AllOctets(), ZlibData.Inflate(await s.GetAsync("/bin.dat"), "RETR /bin.dat"), "content");
                Verify.Bytes(FixtureTree.Big(), ZlibData.Inflate(await s.GetAsync("/big.bin"), "RETR /big.bin"), "content");
                Verify.Bytes("", ZlibData.Inflate(await s.GetAsync("/zero"), "RETR /zero"), "content");
            },
            needs: ["MODE Z"]);

        Check("MODEZ-4", "MUST if enabled", "draft",
            "TYPE conversion is applied before compression; TLS is applied after it.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("MODE Z", 200);
                Verify.Bytes("hello\r\nworld\r\n", ZlibData.Inflate(await s.GetAsync("docs/a.txt"), "RETR"), "content");
                if (!await c.OffersAsync("AUTH TLS"))
                    return;
                Session t = await c.LoginTlsAsync();
                await t.DoAsync("TYPE A", 200);
                await t.DoAsync("MODE Z", 200);
                Verify.Bytes("hello\r\nworld\r\n", ZlibData.Inflate(await t.GetAsync("docs/a.txt"), "RETR in TLS"), "content");
            },
            needs: ["MODE Z"]);

        Check("MODEZ-5", "MUST if enabled", "draft",
            "Uploads are inflated; corrupt, truncated or over-long input gives 426 (or 451).",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("MODE Z", 200);
                await s.PutAsync($"{up}/x", ZlibData.Deflate("hello"u8));
                byte[] good = ZlibData.Deflate(FixtureTree.AllOctets());
                await RefusedInflatingAsync(s, $"{up}/cut", good[..(good.Length / 2)]);
                await RefusedInflatingAsync(s, $"{up}/sum", [.. good[..^1], (byte)~good[^1]]);
                await RefusedInflatingAsync(s, $"{up}/bad", Octets.Raw("this is not a zlib stream at all"));
                await RefusedInflatingAsync(s, $"{up}/long", [.. good, 1, 2, 3]);
                await s.DoAsync("MODE S", 200);
                await s.GetAsync($"{up}/x", "hello");
            },
            needs: ["MODE Z"]);

        Check("MODEZ-6", "MUST if enabled", "draft",
            "LIST, NLST, MLSD data are compressed too.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Dictionary<string, string> plain = [];
                foreach (string verb in (string[])["LIST docs", "NLST docs", "MLSD docs"])
                    plain[verb] = (await s.DownAsync(verb)).Text;
                await s.DoAsync("MODE Z", 200);
                foreach ((string verb, string text) in plain)
                    Verify.Bytes(text, ZlibData.Inflate((await s.DownAsync(verb)).Data, verb), verb);
            },
            needs: ["MODE Z"]);

        Check("MODEZ-7", "MUST if enabled", "draft",
            "OPTS MODE Z LEVEL n sets level 0–9 for later transfers; other values give 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS MODE Z LEVEL 9", 200);
                await s.DoAsync("OPTS MODE Z LEVEL 0", 200);
                await s.DoAsync("OPTS MODE Z LEVEL 10", 501);
                await s.DoAsync("OPTS MODE Z LEVEL", 501);
                await s.DoAsync("MODE Z", 200);
                Verify.Bytes("hello\nworld\n", ZlibData.Inflate(await s.GetAsync("docs/a.txt"), "RETR at level 0"), "content");
            },
            needs: ["MODE Z"]);

        Check("MODEZ-8", "MUST if enabled", "draft",
            "OPTS MODE Z alone restores defaults; ENGINE ZLIB and METHOD 8 are accepted, others 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS MODE Z", 200);
                await s.DoAsync("OPTS MODE Z ENGINE ZLIB LEVEL 6", 200);
                await s.DoAsync("OPTS MODE Z METHOD 8", 200);
                await s.DoAsync("OPTS MODE Z ENGINE X", 501);
                await s.DoAsync("OPTS MODE Z METHOD 9", 501);
            },
            needs: ["MODE Z"]);

        Check("MODEZ-9", "MUST if enabled", "draft",
            "FEAT lists MODE Z.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Contains("MODE Z", await s.FeaturesAsync(), "FEAT");
            },
            needs: ["MODE Z"]);

        Check("MODEZ-10", Level.Choice, "",
            "REST counts uncompressed octets.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE Z", 200);
                await s.DoAsync("REST 6", 350);
                Verify.Bytes("world\n", ZlibData.Inflate(await s.GetAsync("docs/a.txt"), "RETR after REST 6"), "content");
            },
            needs: ["MODE Z"]);

        Check("MODEZ-11", Level.Choice, "",
            "Expansion is bounded by quota and disk checks, not by memory; inflate output is streamed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                const int Length = 256 << 20;
                byte[] packed = ZlibData.Deflate(new byte[Length]);
                await s.DoAsync("MODE Z", 200);
                await using DataConnection data = await s.BeginAsync($"STOR {up}/zeros");
                await data.WriteAsync(packed);
                await data.CloseAsync();
                Reply reply = await s.ReadAsync(TimeSpan.FromSeconds(120));
                Verify.That(reply.Code is 226 or 552, $"{Length} octets of zeros in {packed.Length} octets: expected 226 or 552, saw {reply}");
                if (reply.Code == 552)
                    return;
                await s.DoAsync($"SIZE {up}/zeros", $"213 {Length}");
                await s.DoAsync($"DELE {up}/zeros", 250);
            },
            needs: ["MODE Z"], turn: Turn.Alone, seconds: 180);

        Check("MODEZ-12", Level.Choice, "",
            "The 150 reply omits the  (N bytes) part in MODE Z.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE Z", 200);
                Transfer got = await s.DownAsync("RETR /bin.dat");
                Verify.NoMatch(@"[()]", got.Preliminary.Text, "text of 150");
            },
            needs: ["MODE Z"]);

        Check("MODEZ-13", "MUST if enabled", "draft",
            "MODE S returns to plain transfers.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE Z", 200);
                await s.DoAsync("MODE S", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["MODE Z"]);
    }

    private static async Task RefusedInflatingAsync(Session session, string path, byte[] octets)
    {
        await using DataConnection data = await session.BeginAsync($"STOR {path}");
        await data.WriteAsync(octets);
        await data.CloseAsync();
        await session.ExpectAsync(426, 451);
    }
}
