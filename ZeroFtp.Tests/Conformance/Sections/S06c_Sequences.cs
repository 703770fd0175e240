using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 6.2, first part: ALLO, REST and renaming.</summary>
internal sealed class S06c_Sequences : Section
{
    public S06c_Sequences()
        : base("6.2 ALLO, REST, RNFR/RNTO, ABOR")
    {
        Check("F959-4.1.3-20", Level.Must, "RFC 959 ALLO",
            "ALLO n [R n] is accepted as no-op with 202 (200 is legal too).",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("ALLO 100", 202, 200);
                await s.DoAsync("ALLO 100 R 80", 202, 200);
                await s.DoAsync("ALLO", 501);
                await s.DoAsync("ALLO x", 501);
            });

        Check("F959-4.1.3-21", "choice, optional", "",
            "ALLO larger than free space or quota gives 452/552.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.AskAsync("ALLO 999999999999999");
                // A store without an end that it knows of still has quotas.
                if (reply.IsCompletion && c.HasAccount("quota"))
                    reply = await (await c.LoginAsync(c.Account("quota"))).AskAsync("ALLO 999999999999999");
                if (reply.IsCompletion)
                    throw new CheckSkippedException("ALLO check", "the server does not check space on ALLO");
                Verify.That(reply.Code is 552 or 452, $"ALLO of more than there can be was answered {reply}");
            },
            profile: $"{Profiles.EverythingOn}|{Profiles.Texts}");

        Check("F959-4.1.3-22", Level.Must, "RFC 959 REST",
            "REST stores a marker, answers 350 and causes no transfer.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 6", 350);
                await s.GetAsync("docs/a.txt", "world\n");
            });

        Check("F959-4.1.3-23", Level.DeFacto, "",
            "PASV, EPSV, PORT, EPRT, TYPE, PBSZ, PROT, NOOP and STAT between REST and the transfer do not lose the marker.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 6", 350);
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("docs/a.txt", "world\n");
                foreach (DataMode mode in (DataMode[])[DataMode.Pasv, DataMode.Port, DataMode.Eprt])
                {
                    await s.DoAsync("REST 6", 350);
                    await s.DoAsync("NOOP", 200);
                    await s.DoAsync("STAT", 211);
                    Transfer transfer = await s.DownAsync("RETR docs/a.txt", mode);
                    Verify.Bytes("world\n", transfer.Data, $"data by {mode}");
                }

                await using DataTarget target = await s.EpsvAsync();
                await s.DoAsync("REST 6", 350);
                Verify.Bytes("world\n", (await s.DownAsync("RETR docs/a.txt", target)).Data, "data when REST came last");
                if (!s.IsPrivate)
                    return;
                await s.DoAsync("REST 6", 350);
                await s.ProtectDataAsync();
                await s.GetAsync("docs/a.txt", "world\n");
            });

        Check("F959-4.1.3-24", Level.Must, "RFC 959 RNFR",
            "RNFR of an existing object answers 350, then RNTO renames with 250.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/s", "x");
                await s.DoAsync($"RNFR {up}/s", 350);
                await s.DoAsync($"RNTO {up}/t", 250);
                await s.DoAsync($"SIZE {up}/s", 550);
                await s.GetAsync($"{up}/t", "x");
            });

        Check("F959-4.1.3-25", Level.Must, "RFC 959 RNTO",
            "RNTO without a directly preceding successful RNFR gives 503.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/t", "x");
                await s.DoAsync($"RNTO {up}/x", 503);
                await s.DoAsync($"RNFR {up}/t", 350);
                await s.DoAsync("PWD", 257);
                await s.DoAsync($"RNTO {up}/u", 503);
                await s.DoAsync("RNFR nope", 550);
                await s.DoAsync($"RNTO {up}/x", 503);
                await s.DoAsync($"SIZE {up}/t", "213 1");
            });

        Check("F959-4.1.3-26", Level.Must, "RFC 959 NOOP",
            "NOOP does not disturb RNFR or REST state.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/t", "x");
                await s.DoAsync($"RNFR {up}/t", 350);
                await s.DoAsync("NOOP", 200);
                await s.DoAsync($"RNTO {up}/u", 250);
                await s.GetAsync($"{up}/u", "x");
                await s.DoAsync("REST 6", 350);
                await s.DoAsync("NOOP", 200);
                await s.GetAsync("docs/a.txt", "world\n");
            });

        Check("F959-4.1.3-27", Level.Choice, "",
            "RNTO onto an existing file replaces it atomically; onto an existing directory gives 550; a directory into itself 553.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/a", "1");
                await s.PutAsync($"{up}/b", "2");
                await s.DoAsync($"RNFR {up}/a", 350);
                await s.DoAsync($"RNTO {up}/b", 250);
                await s.GetAsync($"{up}/b", "1");
                await s.DoAsync($"SIZE {up}/a", 550);
                await s.DoAsync($"MKD {up}/full", 257);
                await s.PutAsync($"{up}/full/x", "x");
                await s.DoAsync($"RNFR {up}/b", 350);
                await s.DoAsync($"RNTO {up}/full", 550);
                await s.DoAsync($"MKD {up}/d", 257);
                await s.DoAsync($"RNFR {up}/d", 350);
                await s.DoAsync($"RNTO {up}/d/x", 553);
                await s.GetAsync($"{up}/full/x", "x");
            });

        Check("F959-4.1.3-28", Level.Choice, "",
            "Rename works across directories and for directories.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/d", 257);
                await s.PutAsync($"{up}/d/x", "inside");
                await s.DoAsync($"RNFR {up}/d", 350);
                await s.DoAsync($"RNTO {up}/e", 250);
                await s.GetAsync($"{up}/e/x", "inside");
                await s.DoAsync($"RNFR {up}/e/x", 350);
                await s.DoAsync($"RNTO {up}/moved", 250);
                await s.GetAsync($"{up}/moved", "inside");
                await s.DoAsync($"CWD {up}/d", 550);
            });
    }
}
