using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 22: the X verbs for checksums.</summary>
internal sealed class S22_Checksums : Section
{
    public S22_Checksums()
        : base("22 Checksum verbs")
    {
        Check("SUM-1", Level.DeFacto, "",
            "XCRC, XMD5, XSHA (=XSHA1), XSHA1, XSHA256, XSHA512 path answer 250 HEX with nothing else in the text.",
            async c =>
            {
                Session s = await c.LoginAsync();
                bool seen = false;
                foreach ((string verb, string digest) in Digests)
                {
                    if (!await c.OffersAsync(verb))
                        continue;
                    seen = true;
                    await s.DoAsync($"{verb} docs/a.txt", $"250 {digest}");
                }

                Skip.Unless(seen, "XCRC", "the server offers no checksum verb");
            });

        Check("SUM-2", Level.DeFacto, "",
            "Digits are upper case for X-verbs; XCRC has exactly eight.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("XCRC zero", "250 00000000");
                Reply reply = await s.DoAsync("XCRC docs/a.txt", 250);
                Verify.Matches("^[0-9A-F]{8}$", reply.Text, "XCRC");
                if (await c.OffersAsync("XMD5"))
                    Verify.Matches("^[0-9A-F]{32}$", (await s.DoAsync("XMD5 docs/a.txt", 250)).Text, "XMD5");
            },
            needs: ["XCRC"]);

        Check("SUM-3", Level.DeFacto, "",
            "A quoted path may be followed by a start and an end position (defaults: 0 and end of file).",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/w", "world\n");
                await s.DoAsync("XCRC \"docs/a.txt\" 0 5", "250 3610A686");
                Reply rest = await s.DoAsync($"XCRC {up}/w", 250);
                await s.DoAsync("XCRC \"docs/a.txt\" 6", $"250 {rest.Text}");
            },
            needs: ["XCRC"]);

        Check("SUM-4", Level.Choice, "",
            "Start/end mean octets [start, end); end beyond the file is clipped; start > size or end < start gives 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("XCRC \"docs/a.txt\" 0 99", "250 C4C55DFF");
                await s.DoAsync("XCRC \"docs/a.txt\" 9 3", 501);
                await s.DoAsync("XCRC \"docs/a.txt\" 13 14", 501);
            },
            needs: ["XCRC"]);

        Check("SUM-5", Level.Choice, "",
            "An unquoted argument that names an existing file as a whole is used literally, else trailing numbers are taken as the range.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/v", "hello");
                Reply part = await s.DoAsync($"XCRC \"{up}/v\" 1 2", 250);
                await s.DoAsync($"XCRC {up}/v 1 2", $"250 {part.Text}");
                await s.PutAsync($"{up}/v 1 2", "hello\nworld\n");
                await s.DoAsync($"XCRC {up}/v 1 2", "250 C4C55DFF");
            },
            needs: ["XCRC"]);

        Check("SUM-6", Level.DeFacto, "",
            "Missing file 550, directory 550, busy 450, no argument 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("XCRC nope", 550);
                await s.DoAsync("XCRC docs", 550);
                await s.DoAsync("XCRC", 501);
            },
            needs: ["XCRC"]);

        Check("SUM-7", Level.May, "draft-twine-ftpmd5",
            "MD5 path answers 251 path DIGEST; MMD5 path, path… answers 252 with comma-separated pairs; both are off by default (502).",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("MD5 docs/a.txt", 502, 500, 251);
                if (reply.Code != 251)
                    return;
                Verify.Equal("docs/a.txt 0F723AE7F9BF07744445E93AC5595156", reply.Text, "MD5");
                await s.DoAsync("MMD5 docs/a.txt, zero", "252 docs/a.txt 0F723AE7F9BF07744445E93AC5595156, zero D41D8CD98F00B204E9800998ECF8427E");
            });

        Check("SUM-8", Level.Choice, "",
            "Checksum verbs read the file as TYPE I and share the limits of HASH.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("XCRC docs/a.txt", "250 C4C55DFF");
            },
            needs: ["XCRC"]);
    }

    private static readonly (string Verb, string Digest)[] Digests =
    [
        ("XCRC", "C4C55DFF"),
        ("XMD5", "0F723AE7F9BF07744445E93AC5595156"),
        ("XSHA", "58853E8A5E8272B1012F9A52A80758B27BD0D3CB"),
        ("XSHA1", "58853E8A5E8272B1012F9A52A80758B27BD0D3CB"),
        ("XSHA256", "4A1E67F2FE1D1CC7B31D0CA2EC441DA4778203A036A77DA10344C85E24FF0F92"),
        ("XSHA512", Convert.ToHexString(System.Security.Cryptography.SHA512.HashData("hello\nworld\n"u8))),
    ];
}
