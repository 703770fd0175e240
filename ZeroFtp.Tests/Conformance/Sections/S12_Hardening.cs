using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 12: the security considerations of RFC 2577.</summary>
internal sealed class S12_Hardening : Section
{
    public S12_Hardening()
        : base("12 Security considerations")
    {
        Check("F2577-3-1", Level.Should, "RFC 2577 §3",
            "PORT/EPRT to a port below 1024 gives 504.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync($"PORT {SessionData.PortArgument(new IPEndPoint(s.Control.Local.Address, 80))}", 504);
                await s.DoAsync($"EPRT |1|{s.Control.Local.Address}|22|", 504);
                await s.DoAsync($"PORT {SessionData.PortArgument(new IPEndPoint(s.Control.Local.Address, 1023))}", 504);
            });

        Check("F2577-3-2", Level.Should, "RFC 2577 §3/§4",
            "PORT/EPRT to an address other than the control peer gives 504 unless FXP is enabled for the user.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("PORT 10,9,8,7,195,81", 504);
                await s.DoAsync("EPRT |1|10.9.8.7|50001|", 504);
                IPAddress foreign = c.SecondLocalAddress();
                using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(new IPEndPoint(foreign, 0));
                listener.Listen();
                await s.DoAsync($"PORT {SessionData.PortArgument((IPEndPoint)listener.LocalEndPoint!)}", 504);
                await s.DoAsync("LIST", 425, 503);
                Verify.That(!listener.Poll(TimeSpan.FromSeconds(0.3), SelectMode.SelectRead), "the server connected to an address that it had refused");
            });

        Check("F2577-3-3", Level.May, "RFC 2577 §3",
            "PORT/EPRT can be disabled altogether; the reply is then 502.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync($"PORT {SessionData.PortArgument(new IPEndPoint(s.Control.Local.Address, 50001))}", 502);
                await s.DoAsync($"EPRT |1|{s.Control.Local.Address}|50001|", 502);
                Transfer got = await s.DownAsync("RETR docs/a.txt", DataMode.Pasv);
                Verify.Bytes("hello\nworld\n", got.Data, "passive transfer");
            },
            profile: Profiles.Restricted);

        Check("F2577-4-1", Level.Should, "RFC 2577 §4",
            "Passive connections from other addresses are refused (F959-4.1.2-32).",
            async c =>
            {
                IPAddress foreign = c.SecondLocalAddress();
                Session s = await c.LoginAsync();
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection thief = await target.OpenAsync(from: foreign);
                await s.SendAsync("RETR docs/a.txt");
                await thief.ExpectNothingAsync();
                await using DataConnection? mine = await target.TryOpenAsync();
                Reply reply = await s.ExpectAsync(150, 125, 425);
                if (reply.Code != 425 && mine is not null)
                {
                    Verify.Bytes("hello\nworld\n", await mine.ReadToEndAsync(), "data to the right address");
                    await s.ExpectAsync(226);
                }
                else
                {
                    await s.GetAsync("docs/a.txt", "hello\nworld\n");
                }
            });

        Check("F2577-5-1", Level.Should, "RFC 2577 §5",
            "After 3–5 (default 3) failed logins the server answers 421 and closes.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync("PASS wrong", 530);
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync("PASS wrong", 530);
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync("PASS wrong", 421);
                await s.ExpectEndAsync();
            },
            seconds: 60);

        Check("F2577-5-2", Level.Should, "RFC 2577 §5",
            "The reply to a wrong password is delayed (default 5 s, configurable), without blocking other sessions.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Session other = await c.LoginAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.SendAsync("PASS wrong");
                TimeSpan noop = await ContextExtras.TimeAsync(other.InStepAsync);
                Verify.That(!s.Control.HasInput, "the failed login was answered at once");
                Verify.That(noop < TimeSpan.FromSeconds(0.5), $"another session waited {noop.TotalSeconds:0.00} s for NOOP");
                TimeSpan delay = await ContextExtras.TimeAsync(() => s.ReadAsync(TimeSpan.FromSeconds(20)));
                Verify.That(delay > TimeSpan.FromSeconds(0.5), $"the failed login was delayed by {delay.TotalSeconds:0.00} s only");
            },
            profile: Profiles.ShortLimits, turn: Turn.Alone);

        Check("F2577-5-3", Level.May, "RFC 2577 §5",
            "Connections per address and in total are limited.",
            async c =>
            {
                for (int count = 1; count <= 50; count++)
                {
                    Session s = await c.DialAsync(c.Settings.Server);
                    Reply greeting = await s.ReadAsync();
                    if (greeting.Code == 421)
                    {
                        Verify.That(count > 1, "the first connection was refused");
                        await s.ExpectEndAsync();
                        return;
                    }

                    Verify.Equal(220, greeting.Code, "greeting");
                }

                Verify.Fail("50 connections from one address were accepted");
            },
            profile: Profiles.ShortLimits, turn: Turn.Alone);

        Check("F2577-7-1", Level.Should, "RFC 2577 §7",
            "USER answers 331 for existing and unknown names alike, and PASS takes comparable time.",
            async c =>
            {
                // A busy machine may slow down either of the two for a while; a server that tells them apart does so each time.
                List<string> seen = [];
                for (int attempt = 0; attempt < 4; attempt++)
                {
                    (double known, double unknown) = await MeasureLoginsAsync(c);
                    if (Math.Abs(known - unknown) < Math.Max(5, 0.2 * Math.Max(known, unknown)))
                        return;
                    seen.Add($"{known:0.0} ms for an existing name, {unknown:0.0} ms for an unknown one");
                }

                Verify.That(false, $"medians of PASS: {string.Join("; ", seen)}");
            },
            turn: Turn.Alone, seconds: 300);

        Check("F2577-7-2", Level.Choice, "RFC 2577 §7",
            "Login failure text does not say whether user or password was wrong.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                Reply wrongPassword = await s.DoAsync("PASS x", 530);
                await s.DoAsync("USER nobody-here", 331);
                Reply wrongName = await s.DoAsync("PASS x", 530);
                Verify.Equal(wrongPassword.Text, wrongName.Text, "text of 530 for an unknown name");
            });

        Check("F2577-8-1", Level.Should, "RFC 2577 §8",
            "Passive ports are chosen unpredictably.",
            async c =>
            {
                Session s = await c.LoginAsync();
                List<int> ports = [];
                for (int count = 0; count < 1000; count++)
                {
                    await using DataTarget target = await s.EpsvAsync();
                    ports.Add(target.Server.Port);
                }

                List<int> steps = [.. ports.Zip(ports.Skip(1), (before, after) => after - before)];
                Verify.That(steps.Any(step => step > 0) && steps.Any(step => step < 0), "the ports run in one direction");
                (int step, int times) = steps.CountBy(step => step).MaxBy(pair => pair.Value);
                int range = ports.Max() - ports.Min() + 1;
                Verify.That(times < Math.Max(50, 5000.0 / range), $"a port follows its predecessor by {step} in {times} of {steps.Count} cases");
                Verify.That(steps.Average(step => Math.Abs(step)) > range / 10.0, "neighbouring ports lie near each other");
            });

        Check("F2577-9-1", Level.MustNot, "RFC 2577 §9",
            "No SITE EXEC or other command execution.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SITE EXEC ls", 500);
            });

        Check("F2577-9-2", Level.Should, "RFC 2577 §9",
            "Anonymous users cannot read what anonymous users uploaded, unless configured.",
            async c =>
            {
                Session s = await c.LoginAsync(c.Account("anonymous"));
                string name = $"in/{Guid.NewGuid():N}";
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                Reply begun = await s.AskAsync($"STOR {name}");
                Skip.Unless(begun.Code is 150 or 125, "anonymous upload", $"anonymous users may not upload here: {begun}");
                await data.WriteAsync("x");
                await data.CloseAsync();
                await s.ExpectAsync(226);
                await s.RefusedAsync($"RETR {name}", 550);
            });

        Check("F2577-9-3", Level.Must, "RFC 2577 §9",
            "No path escapes the session root by .., symlinks, ~, NUL, or encoding tricks.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("CWD /../..", 250, 550);
                await s.DoAsync("PWD", "257 \"/\"…");
                foreach (string path in Escapes)
                {
                    await using DataTarget target = await s.EpsvAsync();
                    await using DataConnection data = await target.OpenAsync();
                    await s.SendRawAsync($"RETR {path}\r\n");
                    Reply reply = await s.ExpectAsync(550, 553, 501, 500, 150, 125);
                    if (!reply.IsPreliminary)
                        continue;
                    Verify.NoMatch(@"root:[^\n]*:0:0:", Octets.Text(await data.ReadToEndAsync()), $"what RETR {path} sends");
                    await s.ExpectAsync(226);
                }

                if ((await s.AskAsync($"SITE SYMLINK /etc {up}/away")).IsCompletion)
                    await s.RefusedAsync($"RETR {up}/away/passwd", 550);
                await s.InStepAsync();
            });

        Check("F2577-9-4", Level.Choice, "",
            "Error texts do not reveal host paths outside the virtual root.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string line in (string[])["SIZE /nope/x", "CWD /nope/x", "DELE /nope/x", "RMD /nope/x", "MKD /nope/x/y", "RNFR /nope/x", "MDTM /nope/x", "MLST /nope/x"])
                {
                    Reply reply = await s.AskAsync(line);
                    Verify.That(reply.IsFailure, $"{line}: expected a refusal, saw {reply}");
                    Verify.NoMatch(@"(?<![\w/])/(?!nope/x)[A-Za-z]", reply.Text, $"text of the reply to {line}");
                }
            });
    }

    private static readonly string[] Escapes =
    [
        "../../etc/passwd", "/../etc/passwd", "docs/../../etc/passwd", "/docs/../../../../../../etc/passwd", "~root/../etc/passwd", "..\\..\\etc\\passwd",
        "..%2f..%2fetc/passwd", "\xc0\xae\xc0\xae/\xc0\xae\xc0\xae/etc/passwd", "....//....//etc/passwd", "docs/a.txt\0/../../../etc/passwd", "/etc/passwd",
    ];

    /// <summary>Medians, in milliseconds, of how long a wrong password takes.</summary>
    private static async Task<(double Known, double Unknown)> MeasureLoginsAsync(Context c)
    {
        List<TimeSpan> known = [];
        List<TimeSpan> unknown = [];
        for (int round = 0; round < 10; round++)
        {
            Session s = await c.ConnectAsync();
            Reply first = await s.DoAsync($"USER {c.Alice.Name}", 331);
            known.Add(await ContextExtras.TimeAsync(() => s.DoAsync("PASS x", 530)));
            Reply second = await s.DoAsync("USER nobody-here", 331);
            unknown.Add(await ContextExtras.TimeAsync(() => s.DoAsync("PASS x", 530)));
            Verify.Equal(first.Text.Replace(c.Alice.Name, "nobody-here", StringComparison.Ordinal), second.Text, "text of 331 for an unknown name");
            await s.DisposeAsync();
        }
        return (known.Order().ElementAt(5).TotalMilliseconds, unknown.Order().ElementAt(5).TotalMilliseconds);
    }
}
