using System.Diagnostics;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 29.9: clients that leave during an upload, and clients that ask for the same at the same time.</summary>
internal sealed class S29h_EndsAndRaces : Section
{
    private const int Rounds = 10;
    private const string Old = "old content";

    public S29h_EndsAndRaces()
        : base("29 Ends and races")
    {
        Check("END-1", Level.Choice, "",
            "An upload whose data connection ends in order while the control connection is open is stored, although the control connection ends without QUIT right afterwards.",
            async c =>
            {
                Session reader = await c.LoginAsync();
                string up = await c.ScratchAsync(reader);
                // In clear a busy kernel may handle the end long after the bytes, which looks like the end of a client that was killed.
                await StoredAsync(reader, up, () => c.LoginAsync(), mayMiss: 2);
                if (await c.OffersAsync("AUTH TLS"))
                    await StoredAsync(reader, up, () => c.LoginTlsAsync(prot: true), mayMiss: 0);
            },
            seconds: 60);

        Check("END-2", Level.Must, "RFC 959 QUIT",
            "A control connection that ends without QUIT before the data do interrupts the upload: the old file stays.",
            async c => await InterruptedAsync(await c.LoginAsync(), await c.LoginAsync(), c),
            seconds: 60);

        Check("END-3", Level.Must, "RFC 8446 §6.1",
            "Under TLS, an upload without close_notify whose control connection is gone is interrupted.",
            async c => await InterruptedAsync(await c.LoginAsync(), await c.LoginTlsAsync(prot: true), c),
            seconds: 60);

        Check("END-4", Level.DeFacto, "",
            "An interrupted upload in TYPE A keeps what has arrived, as one in TYPE I does.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                long image = await KeptAsync(s, $"{up}/image");
                Skip.Unless(image > 0, "partial files", "an aborted upload leaves nothing here");
                await s.DoAsync("TYPE A", 200);
                long text = await KeptAsync(s, $"{up}/text");
                Verify.That(text >= 5_900, $"{text} of 6,000 bytes were kept in TYPE A, {image} in TYPE I");
            });

        Check("RACE-1", Level.DeFacto, "",
            "Of several simultaneous RNTO of one file or directory exactly one gives 250; the others 550.",
            async c =>
            {
                Session[] sessions = await SessionsAsync(c, 6);
                string up = await c.ScratchAsync(sessions[0]);
                for (int round = 0; round < 4; round++)
                {
                    string from = $"{up}/from{round}";
                    if (round % 2 == 0)
                        await sessions[0].PutAsync(from, "x");
                    else
                        await sessions[0].DoAsync($"MKD {from}", 257);
                    foreach (Session s in sessions)
                        await s.DoAsync($"RNFR {from}", 350);
                    bool oneName = round < 2;
                    await OneWinsAsync(sessions, i => $"RNTO {up}/to{round}{(oneName ? "" : $"-{i}")}");
                }
            });

        Check("RACE-2", Level.DeFacto, "",
            "Parts that COMB consumes are consumed once.",
            async c =>
            {
                Session[] sessions = await SessionsAsync(c, 4);
                string up = await c.ScratchAsync(sessions[0]);
                for (int round = 0; round < 4; round++)
                {
                    await sessions[0].PutAsync($"{up}/a", "first ");
                    await sessions[0].PutAsync($"{up}/b", "second");
                    int winner = await OneWinsAsync(sessions, i => $"COMB \"{up}/whole{round}-{i}\" \"{up}/a\" \"{up}/b\"");
                    await sessions[0].GetAsync($"{up}/whole{round}-{winner}", "first second");
                }
            },
            needs: ["COMB"]);
    }

    private static async Task StoredAsync(Session reader, string up, Func<Task<Session>> login, int mayMiss)
    {
        string content = new('n', 5000);
        for (int round = 0; round < Rounds; round++)
        {
            string path = $"{up}/stored{round % 5}";
            content += "+";
            Session client = await login();
            DataConnection data = await client.BeginAsync($"STOR {path}");
            await data.WriteAsync(content);
            await data.CloseAsync();
            await client.DisposeAsync();
            if (await IsThereAsync(reader, path, content.Length))
                await reader.GetAsync(path, content);
            else
                Verify.That(mayMiss-- > 0, $"round {round}: the upload is not there");
        }
    }

    private static async Task<bool> IsThereAsync(Session reader, string path, int length)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5);)
        {
            if ((await reader.AskAsync($"SIZE {path}")).Text.Trim() == $"{length}")
                return true;
            await Task.Delay(20);
        }

        return false;
    }

    private static async Task InterruptedAsync(Session reader, Session client, Context c)
    {
        string path = $"{await c.ScratchAsync(reader)}/kept";
        await reader.PutAsync(path, Old);
        DataConnection data = await client.BeginAsync($"STOR {path}");
        await data.WriteAsync(new string('n', 5000));
        await client.DisposeAsync();
        try
        {
            await data.WriteAsync(new string('n', 5000));
            data.HalfClose();
            await data.ReadToEndAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or CheckFailedException)
        {
            reader.Note($"the server ended the data connection: {exception.Message}");
        }

        // What is to be published is published within this time.
        await Task.Delay(500);
        await reader.GetAsync(path, Old);
    }

    /// <summary>The bytes that an aborted upload of 6,000 leaves; 0 if it leaves no file.</summary>
    private static async Task<long> KeptAsync(Session s, string path)
    {
        DataConnection data = await s.BeginAsync($"STOR {path}");
        await data.WriteAsync(string.Concat(Enumerable.Repeat(new string('x', 98) + "\r\n", 60)));
        await s.ExpectSilenceAsync(0.5);
        await s.DoAsync("ABOR", 426);
        await s.ExpectAsync(225, 226);
        await data.DisposeAsync();
        await s.DoAsync("TYPE I", 200);
        Reply size = await s.AskAsync($"SIZE {path}");
        return size.Code == 213 ? long.Parse(size.Text.Trim(), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    private static async Task<Session[]> SessionsAsync(Context c, int count)
    {
        List<Session> sessions = [];
        while (sessions.Count < count)
            sessions.Add(await c.LoginAsync());
        return [.. sessions];
    }

    private static async Task<int> OneWinsAsync(Session[] sessions, Func<int, string> command)
    {
        Reply[] replies = await Task.WhenAll(sessions.Select((s, i) => s.AskAsync(command(i))));
        string all = string.Join(", ", replies.Select(static reply => reply.Code));
        Verify.Equal(1, replies.Count(static reply => reply.Code == 250), $"successes among {all}");
        Verify.That(replies.All(static reply => reply.Code is 250 or 550), $"answers: {all}");
        return Array.FindIndex(replies, static reply => reply.Code == 250);
    }
}
