using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 2: the form of replies, their number, and when they come.</summary>
internal sealed class S02_Replies : Section
{
    public S02_Replies()
        : base("2 Replies")
    {
        Check("F959-4.2-1", Level.Must, "RFC 959 §4.2",
            "Every reply line ends in CRLF and a single-line reply is three digits, one space, text.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("NOOP", 200);
                Verify.Matches("\\A200 [^\r\n]*\r\n\\z", reply.Whole, "NOOP");
                NoBreach(c, Breach.LineEnd, Breach.Form);
            },
            turn: Turn.Last);

        Check("F959-4.2-2", Level.Must, "RFC 959 §4.2",
            "A multi-line reply starts ddd-, ends with ddd  of the same code, and is not nested.",
            async c =>
            {
                Session s = await c.LoginAsync();
                int seen = 0;
                foreach (string verb in (string[])["STAT", "FEAT", "HELP"])
                {
                    Reply reply = await s.AskAsync(verb);
                    seen += reply.IsMultiline ? 1 : 0;
                    Verify.Matches($"^{reply.Code}{(reply.IsMultiline ? '-' : ' ')}", reply.Lines[0], "first line");
                    Verify.Matches($"^{reply.Code} ", reply.Line, "last line");
                    foreach (string line in reply.Middle)
                        Verify.NoMatch("^[0-9]{3} ", line, "line in the middle");
                }

                Verify.That(seen > 0, "none of the replies had several lines");
            });

        Check("F959-4.2-3", Level.DeFacto, "RFC 959 §4.2",
            "Every intermediate line of a multi-line reply starts with one space (only exception: 553-X-DUPE: lines); none starts with ddd .",
            async c =>
            {
                Session s = await c.LoginAsync();
                int seen = 0;
                foreach (string verb in (string[])["FEAT", "STAT", "HELP"])
                    seen += Indented(verb, await s.AskAsync(verb));
                if (c.Under(Profiles.Texts))
                    seen += Indented("greeting", s.Greeting);
                Verify.That(seen > 0, "none of the replies had several lines");
            },
            profile: $"{Profiles.Default}|{Profiles.Texts}");

        Check("F959-4.2-4", Level.Must, "RFC 959 §4.2",
            "At most one 1xx reply is sent per command.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                foreach (DataMode mode in (DataMode[])[DataMode.Pasv, DataMode.Port])
                {
                    await s.DownAsync("RETR docs/a.txt", mode);
                    await s.UpAsync($"STOR {up}/x", "1", mode);
                    await s.DownAsync("LIST", mode);
                }

                await s.InStepAsync();
            });

        Check("F959-4.2-5", Level.Must, "RFC 959 §5.4",
            "Each command produces exactly one final (2xx–5xx) reply, except ABOR during a transfer (426 for the transfer, 226 for ABOR).",
            async c =>
            {
                string[] lines =
                [
                    "NOOP", "PWD", "TYPE I", "TYPE A", "TYPE X", "STRU F", "STRU", "MODE S", "MODE Q", "CWD docs", "CWD nope", "CDUP", "SIZE a.txt", "SIZE",
                    "MDTM nope", "FOOB", "RNFR nope", "RNFR /docs/a.txt", "RNTO", "REST 3", "REST x", "DELE nope", "RMD nope", "SYST", "STAT", "HELP", "FEAT",
                    "ABOR", "ALLO 1", "PORT 1,2", "EPRT", "RETR nope", "STOR", "SITE", "SITE NOSUCH", "OPTS", "OPTS UTF8 ON", "MKD", "ACCT x", "NOOP x",
                ];
                Session s = await c.LoginAsync();
                Random random = new(959);
                for (int batch = 0; batch < 50; batch++)
                {
                    string[] chosen = [.. Enumerable.Range(0, 20).Select(_ => lines[random.Next(lines.Length)])];
                    await s.SendRawAsync(string.Concat(chosen.Select(line => line + "\r\n")) + "SITE " + Marker + "\r\n");
                    foreach (string line in chosen)
                    {
                        Reply reply = await s.ReadAsync();
                        Verify.That(!reply.IsPreliminary, $"{line}: {reply}");
                    }

                    Reply last = await s.ReadAsync();
                    Verify.That(last.Code / 100 == 5, $"after 20 commands the 21st reply is not that to SITE {Marker}: {last}");
                }

                await s.InStepAsync();
                await s.ExpectSilenceAsync(0.3);
            });

        Check("F959-4.2-6", Level.MustNot, "RFC 1123 §4.1.2.11",
            "No unsolicited reply is sent, except a 421 immediately before the server closes.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.ReadAsync(TimeSpan.FromSeconds(15));
                Verify.Equal(421, reply.Code, "what an idle session receives");
                await s.ExpectEndAsync(TimeSpan.FromSeconds(2));
            },
            profile: Profiles.ShortLimits);

        Check("F959-4.2-7", Level.Must, "RFC 959 §4.2",
            "A command that does not belong to the diagram with preliminary replies never gets 1xx.",
            async c =>
            {
                string[] lines =
                [
                    "ABOR", "ALLO 10", "CWD docs", "CDUP", "DELE nope", "HELP", "MODE S", "MDTM docs/a.txt", "MKD docs", "NOOP", "PASV", "EPSV", "PWD", "QUIT x",
                    "REST 0", "RMD nope", "RNFR nope", "RNTO x", "SITE HELP", "SIZE docs/a.txt", "SMNT /x", "STAT", "STRU F", "SYST", "TYPE I", "FEAT", "OPTS UTF8 ON",
                    "MLST", "MFMT 20200101000000 nope", "HASH docs/a.txt", "XCRC docs/a.txt", "AVBL", "CLNT x", "LANG", "HOST localhost", "PORT 1", "EPRT 1", "ACCT x",
                ];
                Session s = await c.LoginAsync();
                foreach (string line in lines.OrderBy(line => line.StartsWith("QUIT", StringComparison.Ordinal)))
                    Verify.That(!(await s.AskAsync(line)).IsPreliminary, $"{line} was answered 1xx");
            });

        Check("F959-4.2-8", Level.Should, "RFC 1123 §4.1.2.11",
            "4xx is used whenever retrying later without change may succeed, 5xx otherwise.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.RefusedAsync("RETR nope", 550);
                foreach (string line in (string[])["CWD nope", "DELE nope", "RMD nope", "MDTM nope"])
                    await s.DoAsync(line, 550);
                await using (DataTarget target = await s.PortAsync())
                {
                    await target.DisposeAsync();
                    await s.SendAsync("LIST");
                    Reply reply = await s.ReadAsync(TimeSpan.FromSeconds(30));
                    if (reply.IsPreliminary)
                        reply = await s.ReadAsync(TimeSpan.FromSeconds(30));
                    Verify.Equal(4, reply.Code / 100, "first digit when nobody listens at the PORT address");
                }

                await s.DownAsync("LIST");
            });

        Check("F959-4.2-9", Level.Must, "RFC 959 §4.2",
            "No new codes are invented where a listed one fits.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("NOOP", 200);
                string[] unknown = [.. c.Observations.Codes.Where(seen => !Listed.Contains(seen.Key)).Select(seen => seen.Value)];
                Verify.That(unknown.Length == 0, $"codes outside the list: {string.Join("; ", unknown.Take(10))}");
            },
            turn: Turn.Last);

        Check("REP-1", Level.DeFacto, "",
            "Replies that clients parse are single-line: 213 for SIZE/MDTM/AVBL/DSIZ/HASH/MFMT, 215, 227, 228, 229, 234, 257, 350, 200 PBSZ, 200 OPTS.",
            async c =>
            {
                (string Line, int Code)[] all =
                [
                    ("SIZE docs/a.txt", 213), ("MDTM docs/a.txt", 213), ("AVBL", 213), ("DSIZ docs", 213), ("HASH docs/a.txt", 213), ("SYST", 215), ("PASV", 227),
                    ("EPSV", 229), ("PWD", 257), ("RNFR docs/a.txt", 350), ("REST 0", 350), ("OPTS UTF8 ON", 200),
                ];
                Session s = await c.LoginAsync();
                int seen = 0;
                foreach ((string line, int code) in all)
                    seen += OneLine(line, await s.AskAsync(line), code);
                Verify.That(seen >= 6, $"only {seen} of the verbs succeeded");
                if (!await c.OffersAsync("AUTH TLS"))
                    return;
                Session tls = await c.ConnectAsync();
                Verify.Equal(1, OneLine("AUTH TLS", await tls.AskAsync("AUTH TLS"), 234), "AUTH TLS accepted");
                await tls.SecureAsync();
                Verify.Equal(1, OneLine("PBSZ 0", await tls.AskAsync("PBSZ 0"), 200), "PBSZ 0 accepted");
            });

        Check("REP-2", Level.DeFacto, "",
            "Reply lines are at most 1000 octets including CRLF unless a pathname forces more; nothing is wrapped inside a pathname.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string verb in (string[])["HELP", "FEAT", "STAT"])
                    await s.AskAsync(verb);
                NoBreach(c, Breach.Length);
            },
            turn: Turn.Last);

        Check("REP-3", Level.Choice, "",
            "Control characters other than TAB from names or configured text are replaced by ? in free text of replies, not in the pathname of 257 and MLST; CR and LF can never be injected.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string line in (string[])["SIZE no\u001b[31mpe", "DELE no\u0007pe", "SIZE no\r\0pe", "FO\u0008OB", "SITE NO\u000cSUCH"])
                {
                    await s.SendRawAsync(line + "\r\n");
                    Reply reply = await s.ReadAsync();
                    Verify.That(reply.IsFailure, $"{line} was answered {reply}");
                    Verify.NoMatch("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]|\\r(?!\\n)|(?<!\\r)\\n", reply.Whole, $"reply to {Octets.Show(line)}");
                }

                await s.InStepAsync();
            });

        Check("REP-4", Level.Should, "RFC 2640 §4.1",
            "Before LANG, reply text is plain ASCII English except for pathnames.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Matches(Ascii, s.Greeting.Whole, "greeting");
                foreach (string line in (string[])["NOOP", "HELP", "FEAT", "SYST", "STAT", "TYPE I", "TYPE X", "FOOB", "CWD nope", "PWD", "REST 0", "RETR", "RNTO x", "SITE HELP", "ABOR"])
                    Verify.Matches(Ascii, (await s.AskAsync(line)).Whole, $"reply to {line}");
            });

        Manual("REP-5", Level.Should, "RFC 959 §5.4",
            "An operator notice is queued and prepended to the next normal reply as extra lines of that reply.",
            "Posting a notice is an act of the operator inside the server: EndingTests.A_notice_reaches_each_session_once_with_a_reply_that_nobody_takes_apart.");

        Check("REP-6", Level.DeFacto, "",
            "421 is always followed by the server closing the control connection.",
            async c =>
            {
                foreach (string provocation in (string[])["GET / HTTP/1.1", "POST / HTTP/1.1"])
                {
                    Session s = await c.ConnectAsync();
                    if ((await s.AskAsync(provocation)).Code != 421)
                        continue;
                    await s.ExpectEndAsync(TimeSpan.FromSeconds(2));
                    return;
                }

                Session login = await c.ConnectAsync();
                for (int attempt = 0; attempt < 6; attempt++)
                {
                    Reply user = await login.AskAsync($"USER {c.Alice.Name}");
                    Reply reply = user.Code == 331 ? await login.AskAsync("PASS certainly-wrong") : user;
                    if (reply.Code != 421)
                        continue;
                    await login.ExpectEndAsync(TimeSpan.FromSeconds(2));
                    return;
                }

                throw new CheckSkippedException("421", "neither HTTP requests nor wrong passwords led to 421");
            });

        Check("REP-7", Level.DeFacto, "",
            "The final reply of a transfer is sent only after the data socket is closed by the server (226/4xx/5xx).",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                string up = await c.ScratchAsync(s);
                await using (DataConnection data = await s.BeginAsync("RETR docs/a.txt"))
                {
                    Verify.Equal(226, (await s.ReadAsync(TimeSpan.FromSeconds(20))).Code, "final reply");
                    Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(TimeSpan.FromMilliseconds(500)), "data, after 226 had been read");
                }

                await using DataConnection upload = await s.BeginAsync($"STOR {up}/x");
                await upload.WriteAsync("12345");
                await s.ExpectSilenceAsync(0.5);
                await upload.CloseAsync();
                await s.ExpectAsync(226, 250);
                Session other = await c.LoginAsync();
                await other.DoAsync($"SIZE {up}/x", "213 5");
            });

        Check("REP-8", Level.Choice, "",
            "Replies written while the peer does not read are bounded; a peer that does not drain replies for the idle limit is disconnected.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                byte[] many = Octets.Raw(string.Concat(Enumerable.Repeat("HELP\r\n", 2000)));
                try
                {
                    using CancellationTokenSource limit = new(TimeSpan.FromSeconds(40));
                    while (true)
                        await s.Control.Socket.SendAsync(many, limit.Token);
                }
                catch (System.Net.Sockets.SocketException closed)
                {
                    s.Note($"closed by the server: {closed.SocketErrorCode}");
                }
                catch (OperationCanceledException)
                {
                    Verify.Fail("the server kept a connection that does not read its replies");
                }
            },
            profile: Profiles.ShortLimits,
            seconds: 60);

        Check("REP-9", Level.Choice, "",
            "The greeting shows no product version unless configured; a multi-line greeting is allowed and follows REP-2 and F959-4.2-3.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                if (c.Under(Profiles.Default))
                    Verify.Matches("\\A220 [^0-9\r\n]*\r\n\\z", s.Greeting.Whole, "greeting");
                if (c.Under(Profiles.Texts))
                    Verify.Matches("\\A220-[^\r\n]*\r\n( [^\r\n]*\r\n)+220 [^\r\n]*\r\n\\z", s.Greeting.Whole, "greeting");
            },
            profile: $"{Profiles.Default}|{Profiles.Texts}");

        Check("REP-10", Level.Choice, "",
            "A 230 banner after login may be multi-line; directory messages on CWD use 250- lines the same way.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.PutAsync("docs/.message", "These are documents.\n250 is not the end.\n");
                Reply changed = await s.DoAsync("CWD docs", 250);
                await s.DoAsync("DELE .message", 250);
                Verify.That(changed.IsMultiline, "CWD docs: expected the directory message");
                Verify.Matches("\\A250-[^\r\n]*\r\n( [^\r\n]*\r\n)*250 [^\r\n]*\r\n\\z", changed.Whole, "CWD docs");
                await s.InStepAsync();
            },
            profile: Profiles.Texts);
    }

    private const string Marker = "END-OF-BATCH";

    private const string Ascii = "\\A[\\x20-\\x7e\r\n]*\\z";

    /// <summary>The code index of the project's reply table, with 125, which RFC 959 allows in place of 150.</summary>
    private static readonly int[] Listed =
    [
        110, 120, 125, 150, 200, 202, 210, 211, 212, 213, 214, 215, 220, 221, 225, 226, 227, 228, 229, 230, 232, 234, 235, 250, 251, 252, 257, 331, 332, 334,
        335, 336, 350, 421, 425, 426, 431, 450, 451, 452, 500, 501, 502, 503, 504, 521, 522, 530, 532, 533, 534, 535, 536, 537, 550, 551, 552, 553, 554, 555, 556,
    ];

    private static void NoBreach(Context c, params Breach[] kinds)
    {
        IReadOnlyList<string> breaches = c.Observations.Breaches(kinds);
        Verify.That(breaches.Count == 0, $"{breaches.Count} of {c.Observations.Replies} replies: {string.Join("; ", breaches.Take(5))}");
    }

    private static int Indented(string what, Reply reply)
    {
        foreach (string line in reply.Middle)
            Verify.Matches("^ ", line, $"intermediate line of {what}");
        return reply.IsMultiline ? 1 : 0;
    }

    private static int OneLine(string what, Reply reply, int code)
    {
        if (reply.Code != code)
            return 0;
        Verify.That(!reply.IsMultiline, $"{what} was answered on several lines: {reply}");
        return 1;
    }
}
