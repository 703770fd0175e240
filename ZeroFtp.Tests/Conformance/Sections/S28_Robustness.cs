using System.Diagnostics;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 28: strange input, slow peers, concurrent writers, rights.</summary>
internal sealed class S28_Robustness : Section
{
    public S28_Robustness()
        : base("28 Robustness and concurrency")
    {
        Check("ROB-1", Level.Choice, "",
            "Any octet sequence on control leads to replies or close, never to crash, hang or unbounded memory.",
            async c =>
            {
                Random random = new(28);
                for (int round = 0; round < 60; round++)
                {
                    Session s = await c.ConnectAsync();
                    if (round % 3 == 0)
                        await s.LoginAsync(c.Alice);
                    if (round % 3 == 1 && await c.OffersAsync("AUTH TLS"))
                        await s.DoAsync("AUTH TLS", 234);
                    byte[] noise = new byte[random.Next(1, 8000)];
                    random.NextBytes(noise);
                    await NoiseAsync(s, noise);
                }

                Session after = await c.LoginAsync();
                await after.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            turn: Turn.Alone);

        Check("ROB-2", Level.Choice, "",
            "Slow clients on one connection do not delay others.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Session stalled = await c.LoginAsync();
                stalled.DataReceiveBuffer = 8192;
                await using DataConnection data = await stalled.BeginAsync("RETR /big.bin");
                int idle = 0;
                while (idle < 300)
                {
                    Session other = await c.DialAsync(c.Settings.Server);
                    if ((await other.ReadAsync(TimeSpan.FromSeconds(10))).Code != 220)
                        break;
                    idle++;
                }

                Verify.That(idle >= 50, $"only {idle} connections were accepted");
                List<double> latencies = [];
                for (int count = 0; count < 51; count++)
                {
                    long start = Stopwatch.GetTimestamp();
                    await s.DoAsync("NOOP", 200);
                    latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }

                latencies.Sort();
                s.Note($"{idle} idle sessions, NOOP in {latencies[25]:0.0} ms");
                Verify.That(latencies[25] < 50, $"NOOP took {latencies[25]:0} ms beside {idle} idle sessions and a stalled transfer");
            },
            turn: Turn.Alone,
            seconds: 120);

        Check("ROB-3", Level.Choice, "",
            "Two uploads to one name never crash or mix records: with locking on the second gets 450, with locking off both write independently and the last close wins.",
            async c =>
            {
                Session first = await c.LoginAsync();
                Session second = await c.LoginAsync();
                string up = await c.ScratchAsync(first);
                byte[] ones = Enumerable.Repeat((byte)'1', 300_000).ToArray();
                byte[] twos = Enumerable.Repeat((byte)'2', 200_000).ToArray();
                await using DataConnection one = await first.BeginAsync($"STOR {up}/s");
                await one.WriteAsync(ones.AsMemory(0, 150_000));
                await Task.Delay(300);
                await using DataTarget target = await second.EpsvAsync();
                await using DataConnection two = await target.OpenAsync();
                Reply reply = await second.AskAsync($"STOR {up}/s");
                Verify.That(reply.Code is 450 or 150 or 125, $"second STOR was answered {reply}");
                if (reply.IsPreliminary)
                {
                    await two.WriteAsync(twos);
                    await two.CloseAsync();
                    await second.ExpectAsync(226, 250);
                }

                await one.WriteAsync(ones.AsMemory(150_000));
                await one.CloseAsync();
                await first.ExpectAsync(226, 250);
                Verify.Bytes(ones, await first.GetAsync($"{up}/s"), "content after the last close");
            });

        Check("ROB-4", Level.Choice, "",
            "RETR of a file growing during transfer sends at least the size announced in 150; shrinking yields 451.",
            async c =>
            {
                Session reader = await c.LoginAsync();
                Session writer = await c.LoginAsync();
                string up = await c.ScratchAsync(reader);
                await reader.PutAsync($"{up}/s", FixtureTree.Big());
                reader.DataReceiveBuffer = 8192;
                await using DataConnection data = await reader.BeginAsync($"RETR {up}/s");
                byte[] start = await data.ReadExactlyAsync(65536);
                await using DataTarget target = await writer.EpsvAsync();
                await using DataConnection upload = await target.OpenAsync();
                Reply reply = await writer.AskAsync($"STOR {up}/s");
                Verify.That(reply.Code is 450 or 150 or 125, $"STOR during RETR was answered {reply}");
                if (reply.IsPreliminary)
                {
                    await upload.WriteAsync("short");
                    await upload.CloseAsync();
                    await writer.ExpectAsync(226, 250);
                }

                byte[] rest = await data.ReadToEndAsync();
                Reply final = await reader.ReadAsync();
                Verify.That(final.Code is 226 or 250 or 451, $"RETR ended with {final}");
                if (final.Code != 451)
                    Verify.Bytes(FixtureTree.Big(), [.. start, .. rest], "content of a file that was replaced during RETR");
            });

        Manual("ROB-5", Level.Choice, "",
            "Graceful shutdown lets transfers finish up to a limit, answers 421 to further commands, then closes.",
            "Shutting the server down is an act of the operator: EndingTests.Cancelling_the_stop_ends_the_grace_period and EndingTests.A_command_behind_a_transfer_is_told_of_the_stop.");

        Manual("ROB-6", Level.Choice, "",
            "Passwords and ACCT values never appear in logs.",
            "Logs are inside the server: LogTests.Neither_passwords_nor_accounts_are_logged.");

        Manual("ROB-7", Level.Choice, "",
            "Log injection is impossible: control characters of names and user names are escaped.",
            "Logs are inside the server: LogTests.What_clients_send_cannot_forge_a_line_of_a_log.");

        Check("ROB-8", Level.DeFacto, "",
            "Half-open data connections left by NAT are cleaned after the data idle limit.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await using (DataConnection silent = await s.BeginAsync($"STOR {up}/vanished"))
                {
                    await silent.WriteAsync(new byte[1000]);
                    Verify.Equal(426, (await s.ReadAsync(TimeSpan.FromSeconds(15))).Code, "when the sender falls silent");
                }

                await s.InStepAsync();
                s.DataReceiveBuffer = 8192;
                await using DataConnection deaf = await s.BeginAsync("RETR /big.bin");
                await deaf.SecureAsync();
                Verify.Equal(426, (await s.ReadAsync(TimeSpan.FromSeconds(15))).Code, "when the receiver takes nothing");
                await s.InStepAsync();
            },
            profile: Profiles.ShortLimits);

        Check("ROB-9", Level.Choice, "",
            "Permission is checked at use, against the logged-in user, for every verb.",
            async c =>
            {
                Session alice = await c.LoginAsync();
                string up = await c.ScratchAsync(alice);
                await alice.PutAsync($"{up}/x", "kept");
                await alice.DoAsync($"MKD {up}/d", 257);
                Session bob = await c.LoginAsync(c.Account("bob"));
                foreach (string verb in (string[])["STOR", "APPE"])
                    await bob.RefusedAsync($"{verb} {up}/x", 550);
                if (await c.OffersAsync("STOU"))
                    await bob.RefusedAsync($"STOU {up}/x", 550);
                foreach (string line in (string[])[$"DELE {up}/x", $"MKD {up}/e", $"RMD {up}/d", $"RNFR {up}/x"])
                    await bob.DoAsync(line, 550);
                string[] optional = [$"RMDA {up}/d", $"MFMT 20200101000000 {up}/x", $"MFF Modify=20200101000000; {up}/x", $"SITE CHMOD 600 {up}/x", $"COMB {up}/y {up}/x"];
                foreach (string line in optional)
                {
                    if (await c.OffersAsync(line.StartsWith("SITE", StringComparison.Ordinal) ? "SITE CHMOD" : line.Split(' ')[0]))
                        await bob.DoAsync(line, 550);
                }

                await alice.GetAsync($"{up}/x", "kept");
                await alice.DoAsync($"CWD {up}/d", 250);
            });

        Manual("ROB-10", Level.Choice, "",
            "100 sequential logins and 10 000 sequential transfers leak neither descriptors nor memory.",
            "Descriptors and memory are inside the server: LeakTests.A_hundred_logins_and_ten_thousand_transfers_keep_neither_descriptors_nor_memory.");
    }

    /// <summary>Sends noise and reads whatever comes until the server closes or falls silent.</summary>
    private static async Task NoiseAsync(Session s, byte[] noise)
    {
        try
        {
            await s.Control.SendAsync(noise);
            s.Control.HalfClose();
            await s.Control.ReadToEndAsync(TimeSpan.FromSeconds(5));
        }
        catch (Exception closed) when (closed is IOException or System.Net.Sockets.SocketException)
        {
            s.Note("closed by the server");
        }
    }
}
