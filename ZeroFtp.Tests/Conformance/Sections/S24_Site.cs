using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 24: subcommands of SITE.</summary>
internal sealed class S24_Site : Section
{
    public S24_Site()
        : base("24 SITE")
    {
        Check("SITE-HELP-1", Level.DeFacto, "",
            "SITE HELP lists subcommands with 214, names case-insensitive.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("site help", 214);
                Verify.That(reply.Whole.Length > 8, $"nothing listed: {reply}");
            });

        Check("SITE-CHMOD-1", Level.DeFacto, "",
            "SITE CHMOD mode path sets octal permissions (3 or 4 digits), 200.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"SITE CHMOD 640 {up}/x", 200);
                if (await c.OffersAsync("MLST"))
                {
                    await s.DoAsync("OPTS MLST UNIX.mode;", 200);
                    Verify.Equal("0640", (await s.MlstAsync($"{up}/x"))["UNIX.mode"], "UNIX.mode");
                }

                Verify.Matches("^-rw-r----- ", (await s.DownAsync($"LIST {up}/x")).Text, "LIST");
                await s.DoAsync($"SITE CHMOD 999 {up}/x", 501);
                await s.DoAsync("SITE CHMOD 640", 501);
                await s.DoAsync("SITE CHMOD 640 nope", 550);
            },
            needs: ["SITE CHMOD"]);

        Check("SITE-CHMOD-2", Level.Choice, "",
            "setuid, setgid and sticky bits are masked out unless allowed; names with spaces are literal.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x y", "1");
                Reply reply = await s.DoAsync($"SITE CHMOD 4755 {up}/x y", 200, 550);
                if (reply.Code == 200)
                    Verify.Matches("^-rwxr-xr-x ", (await s.DownAsync($"LIST {up}/x y")).Text, "LIST");
                else
                    Verify.NoMatch("^-..[sS]", (await s.DownAsync($"LIST {up}/x y")).Text, "LIST");
            },
            needs: ["SITE CHMOD"]);

        Check("SITE-UTIME-1", Level.DeFacto, "",
            "SITE UTIME YYYYMMDDhhmm[ss] path sets mtime (UTC), 200.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"SITE UTIME 20010203040506 {up}/x", 200);
                await s.DoAsync($"MDTM {up}/x", "213 20010203040506");
                await s.DoAsync($"SITE UTIME 200102030405 {up}/x", 200);
                await s.DoAsync($"MDTM {up}/x", "213 20010203040500");
            },
            needs: ["SITE UTIME"]);

        Check("SITE-UTIME-2", Level.DeFacto, "",
            "SITE UTIME path atime mtime ctime UTC (each 14 digits) is accepted too.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"SITE UTIME {up}/x 20010101000000 20010203040506 20010101000000 UTC", 200);
                await s.DoAsync($"MDTM {up}/x", "213 20010203040506");
            },
            needs: ["SITE UTIME"]);

        Check("SITE-UTIME-3", Level.Choice, "",
            "Bad syntax or date 501, missing file 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"SITE UTIME x {up}/x", 501);
                await s.DoAsync($"SITE UTIME 20011303040506 {up}/x", 501);
                await s.DoAsync("SITE UTIME 20010203040506 nope", 550);
            },
            needs: ["SITE UTIME"]);

        Check("SITE-SYMLINK-1", Level.DeFacto, "",
            "SITE SYMLINK target link creates a symbolic link, 200; existing link name 550; target escaping the root 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"SITE SYMLINK ../../docs/a.txt {up}/l", 200);
                await s.GetAsync($"{up}/l", "hello\nworld\n");
                await s.DoAsync($"SITE SYMLINK ../../docs/a.txt {up}/l", 550);
                Reply away = await s.DoAsync($"SITE SYMLINK /etc/passwd {up}/p", 200, 550);
                if (away.Code == 200)
                    await s.RefusedAsync($"RETR {up}/p", 550);
                Reply up2 = await s.DoAsync($"SITE SYMLINK ../../../../../../etc/passwd {up}/q", 200, 550);
                if (up2.Code == 200)
                    await s.RefusedAsync($"RETR {up}/q", 550);
            },
            needs: ["SITE SYMLINK"]);

        Check("SITE-UMASK-1", Level.DeFacto, "",
            "SITE UMASK shows, SITE UMASK ooo sets the umask, 200.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("SITE UMASK 077", 200);
                await s.PutAsync($"{up}/m", "x");
                Verify.Matches("^-rw------- ", (await s.DownAsync($"LIST {up}/m")).Text, "LIST");
                Verify.Matches(@"\b0?077\b", (await s.DoAsync("SITE UMASK", 200)).Text, "SITE UMASK");
                await s.DoAsync("SITE UMASK 9", 501);
            },
            needs: ["SITE UMASK"]);

        Check("SITE-IDLE-1", Level.DeFacto, "",
            "SITE IDLE shows, SITE IDLE n sets the idle limit within 30…maximum, 200, else 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SITE IDLE", 200);
                await s.DoAsync("SITE IDLE 600", 200);
                Verify.Matches(@"\b600\b", (await s.DoAsync("SITE IDLE", 200)).Whole, "SITE IDLE");
                await s.DoAsync("SITE IDLE 1", 501);
            },
            needs: ["SITE IDLE"]);

        Check("SITE-WHO-1", Level.DeFacto, "",
            "SITE WHO lists sessions for administrators (200 or 211 multi-line), else 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SITE WHO", 550);
                Session admin = await c.LoginAsync(c.Account("admin"));
                Reply reply = await admin.DoAsync("SITE WHO", 200, 211);
                Verify.That(reply.IsMultiline && reply.Middle.Any(line => line.Contains(c.Alice.Name, StringComparison.Ordinal)), $"SITE WHO does not show {c.Alice.Name}: {reply}");
            },
            needs: ["SITE WHO"]);

        Check("SITE-CP-1", Level.DeFacto, "",
            "SITE CPFR path → 350, SITE CPTO path → 250, with the sequence rules of RNFR/RNTO.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("SITE CPFR docs/a.txt", 350);
                await s.DoAsync($"SITE CPTO {up}/c", 250);
                await s.GetAsync($"{up}/c", "hello\nworld\n");
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await s.DoAsync($"SITE CPTO {up}/d", 503);
                await s.DoAsync("SITE CPFR nope", 550);
            },
            needs: ["SITE CPFR"]);

        Check("SITE-DIR-1", Level.DeFacto, "",
            "SITE MKDIR path creates parents as needed and answers 200; SITE RMDIR removes a tree, 200.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"SITE MKDIR {up}/a/b/c", 200);
                await s.DoAsync($"CWD {up}/a/b/c", 250);
                await s.DoAsync("CWD /", 250);
                await s.DoAsync($"SITE RMDIR {up}/a", 200);
                await s.DoAsync($"CWD {up}/a", 550);
            },
            needs: ["SITE MKDIR"]);

        Check("SITE-XDUPE-1", Level.DeFactoOptional, "",
            "SITE XDUPE n (0–4) switches duplicate reporting.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SITE XDUPE 3", "200 Activated extended dupe mode 3.");
                await s.DoAsync("SITE XDUPE 0", "200 Extended dupe mode is disabled.");
                await s.DoAsync("SITE XDUPE 9", 501);
                await s.DoAsync("XDUP", 500);
            },
            needs: ["SITE XDUPE"]);

        Check("SITE-QUOTA-1", Level.DeFactoOptional, "",
            "SITE QUOTA / XQUOTA report limits with 200/213; absent quotas 202 or 500.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.AskAsync("SITE QUOTA");
                Verify.That(reply.Code is 200 or 202 or 213 or 500 or 502, $"SITE QUOTA was answered {reply}");
                Skip.Unless(reply.Code is not (500 or 502), "SITE QUOTA", "the server does not offer SITE QUOTA");
            });

        Check("SITE-ZONE-1", Level.DeFactoOptional, "",
            "SITE ZONE answers 210 UTC+0.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SITE ZONE", "210 UTC+0");
            },
            needs: ["SITE ZONE"]);

        Check("SITE-EXEC-1", Level.MustNot, "RFC 2577",
            "SITE EXEC does not exist.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SITE EXEC id", 500);
            });
    }
}
