using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, sections 29.9 and 29.10: dialogues of ftplib, Go clients and basic-ftp.</summary>
internal sealed class S29d_Libraries : Section
{
    public S29d_Libraries()
        : base("29 Python, Go and Node")
    {
        Check("CLI-PY-1", Level.DeFacto, "",
            "Listings are preceded by TYPE A; size() needs TYPE I to be exact on most servers, so TYPE A SIZE should work.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("SIZE docs/a.txt", "213 14");
                await c.NeedAsync("MLST");
                Verify.That((await s.DownAsync("MLSD docs")).Text.Contains(" a.txt\r\n", StringComparison.Ordinal), "MLSD does not show a.txt");
            });

        Check("CLI-PY-2", Level.DeFacto, "",
            "ABOR is sent as urgent data and accepts 426, 225, 226.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await using (DataConnection data = await s.BeginAsync("RETR /big.bin"))
                {
                    await data.ReadExactlyAsync(1000);
                    await s.SendUrgentAsync("ABOR\r\n");
                    await s.ExpectAsync(426);
                    await s.ExpectAsync(226, 225);
                }

                await s.SendUrgentAsync("ABOR\r\n");
                await s.ExpectAsync(226, 225);
                await s.InStepAsync();
            });

        Check("CLI-PY-3", Level.DeFacto, "",
            "FTP_TLS calls unwrap() after each transfer and blocks until the server's close_notify.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                string up = await c.ScratchAsync(s);
                await using (DataConnection data = await s.BeginAsync("RETR /docs/a.txt"))
                {
                    Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                    Verify.That(data.Tap!.LastIsAlert, "no close_notify after a download");
                    await s.ExpectAsync(226);
                }

                await using DataConnection store = await s.BeginAsync($"STOR {up}/a.txt");
                await store.WriteAsync("hello\nworld\n");
                TimeSpan unwrap = await ContextExtras.TimeAsync(store.UnwrapAsync);
                Verify.That(store.Tap!.LastIsAlert && unwrap < TimeSpan.FromSeconds(1), $"unwrap after an upload took {unwrap.TotalSeconds:0.00} s; close_notify: {store.Tap.LastIsAlert}");
                await s.ExpectAsync(226);
                await s.GetAsync($"{up}/a.txt", "hello\nworld\n");
            });

        Check("CLI-PY-4", Level.DeFacto, "",
            "DELE must answer 250 or 200; RNFR 3xx; PASV text is searched for six numbers; reply lines ≤ 8192 octets.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"RNFR {up}/x", 350);
                await s.DoAsync($"RNTO {up}/y", 250, 200);
                await s.DoAsync($"SIZE {up}/y", "213 1");
                await s.DoAsync("TYPE A", 200);
                Verify.Contains("y", (await s.DownAsync($"NLST {up}", DataMode.Pasv)).Lines.Select(line => line.Split('/')[^1]), "NLST");
                await s.DoAsync($"MKD {up}/d", 257);
                await s.DoAsync($"CWD {up}/d", 250);
                await s.DoAsync("DELE ../y", 250, 200);
                await s.DoAsync("ABOR", 225, 226, 426);
                foreach (string line in (string[])["FEAT", "HELP", "STAT"])
                    Verify.That((await s.AskAsync(line)).Lines.All(text => text.Length <= 8192), $"a line of the reply to {line} has more than 8192 octets");
            });

        Check("CLI-GO-1", Level.DeFacto, "",
            "Exact codes are required: CWD/CDUP/RNTO/DELE/RMD 250, PWD/MKD 257, TYPE/OPTS 200, SIZE/MDTM 213, EPSV 229, USER 331/230, QUIT 221.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("CWD docs", 250);
                await s.DoAsync("CDUP", 250);
                await s.DoAsync("PWD", 257);
                await s.DoAsync("TYPE I", 200);
                await s.DoAsync("OPTS UTF8 ON", 200);
                await s.DoAsync("SIZE docs/a.txt", 213);
                await s.DoAsync("MDTM docs/a.txt", 213);
                await s.DoAsync("EPSV", 229);
                await s.DoAsync($"MKD {up}/g", 257);
                await s.DoAsync($"RNFR {up}/g", 350);
                await s.DoAsync($"RNTO {up}/h", 250);
                await s.DoAsync($"RMD {up}/h", 250);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"DELE {up}/x", 250);
                await s.DoAsync("QUIT", 221);
            });

        Check("CLI-GO-2", Level.DeFacto, "",
            "MLST has three lines; TLS data closes must not be RST; after RETR + early close the final reply is awaited.",
            async c =>
            {
                Session s = await c.LoginAsync();
                if (await c.OffersAsync("MLST"))
                    Verify.Equal(3, (await s.DoAsync("MLST docs/a.txt", 250)).Lines.Count, "lines of MLST");
                await using (DataConnection data = await s.BeginAsync("RETR /big.bin"))
                    await data.ReadExactlyAsync(1000);
                TimeSpan wait = await ContextExtras.TimeAsync(() => s.ExpectAsync(426, 226, 451));
                Verify.That(wait < TimeSpan.FromSeconds(1), $"the final reply after an early close took {wait.TotalSeconds:0.00} s");
                await s.InStepAsync();
                if (!await c.OffersAsync("AUTH TLS"))
                    return;
                Session t = await c.LoginTlsAsync();
                await using DataConnection hidden = await t.BeginAsync("RETR docs/a.txt");
                await hidden.ReadToEndAsync();
                Verify.That(!hidden.WasReset, "TLS data ended in a reset");
                await t.ExpectAsync(226);
            });

        Check("CLI-NO-1", Level.DeFacto, "",
            "basic-ftp rejects 120, sends STRU F, OPTS UTF8 ON, tries MLSD, then LIST -a, then LIST.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Verify.Equal(220, s.Greeting.Code, "greeting");
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                await s.DoAsync("STRU F", 200);
                await s.DoAsync("OPTS UTF8 ON", 200);
                Verify.That((await s.DownAsync("LIST -a")).Text.Contains(" docs\r\n", StringComparison.Ordinal), "LIST -a does not show docs");
                await c.NeedAsync("MLST");
                Verify.That((await s.DownAsync("MLSD")).Text.Contains(" docs\r\n", StringComparison.Ordinal), "MLSD does not show docs");
            });
    }
}
