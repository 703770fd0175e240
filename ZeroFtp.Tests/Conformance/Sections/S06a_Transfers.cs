using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 6.1, first part: RETR.</summary>
internal sealed class S06a_Transfers : Section
{
    public S06a_Transfers()
        : base("6.1 RETR, STOR, STOU, APPE")
    {
        Check("F959-4.1.3-1", Level.Must, "RFC 959 RETR",
            "RETR sends the file after a 150 (or 125) and ends with 226 (or 250).",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer transfer = await s.DownAsync("RETR docs/a.txt");
                Verify.Bytes("hello\nworld\n", transfer.Data, "data");
            });

        Check("F959-4.1.3-2", Level.Must, "RFC 959 RETR",
            "RETR leaves file content and modification time unchanged.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply before = await s.DoAsync("MDTM docs/a.txt", 213);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                Reply after = await s.DoAsync("MDTM docs/a.txt", 213);
                Verify.Equal(before.Text, after.Text, "modification time");
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("F959-4.1.3-3", Level.Must, "RFC 959 §5.4",
            "RETR of a missing, unreadable or directory path gives 550 and no data.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await NoDataAsync(s, "RETR nope");
                await NoDataAsync(s, "RETR docs");
                (Session walled, string closed) = await c.WalledAsync();
                await NoDataAsync(walled, $"RETR {closed}");
            });

        Check("F959-4.1.3-4", Level.Must, "RFC 959 §5.4",
            "A temporarily busy file gives 450.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Session other = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/busy", "old");
                await using DataConnection upload = await s.BeginAsync($"STOR {up}/busy");
                await upload.WriteAsync("new content");
                await using DataTarget target = await other.EpsvAsync();
                await using DataConnection download = await target.OpenAsync();
                Reply reply = await other.AskAsync($"RETR {up}/busy");
                if (reply.IsPreliminary)
                {
                    await download.ReadToEndAsync();
                    await other.ReadAsync();
                    throw new CheckSkippedException("busy files", "a file that is being written can be read: the server knows no busy files");
                }

                Verify.Equal(450, reply.Code, "RETR of a file that is being written");
            });

        Check("F959-4.1.3-5", Level.DeFacto, "",
            "In TYPE I the 150 text ends  (N bytes). with N the octets about to be sent (size minus restart offset).",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer whole = await s.DownAsync("RETR /bin.dat");
                Verify.Matches("\\A15[0-9] .* \\(256 bytes\\)\\.?\\z", whole.Preliminary.Line, "preliminary reply");
                await s.DoAsync("REST 6", 350);
                Transfer rest = await s.DownAsync("RETR docs/a.txt");
                Verify.Matches(" \\(6 bytes\\)\\.?\\z", rest.Preliminary.Line, "preliminary reply after REST 6");
                await s.DoAsync("TYPE A", 200);
                Transfer text = await s.DownAsync("RETR docs/a.txt");
                Verify.NoMatch("[()]", text.Preliminary.Line, "preliminary reply in TYPE A");
            });

        Check("F959-4.1.3-6", Level.Choice, "",
            "150 is used for every transfer; 125 is never sent.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                await Task.Delay(200);
                await s.SendAsync("RETR docs/a.txt");
                await s.ExpectAsync(150);
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226, 250);
            });

        Check("F959-4.1.3-7", Level.DeFacto, "",
            "A zero-length transfer still yields 150, an opened and closed data connection, and 226.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer transfer = await s.DownAsync("RETR /zero");
                Verify.Bytes("", transfer.Data, "data");
            });

        Check("F959-4.1.3-8", Level.Must, "RFC 959 §5.4",
            "Local read errors after 150 give 451; peer abort gives 426.",
            async c =>
            {
                Session s = await c.LoginAsync();
                s.DataReceiveBuffer = 8192;
                DataConnection data = await s.BeginAsync("RETR /big.bin");
                await data.ReadExactlyAsync(1024);
                data.Reset();
                await s.ExpectAsync(426);
                await s.InStepAsync();
            });

        Check("F959-4.1.3-19", Level.Choice, "",
            "RETR/STOR on special files (FIFO, device, socket) give 550.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string[] special = ["fifo", "device", "socket"];
                string root = (await s.DownAsync("LIST")).Text;
                string[] there = [.. special.Where(name => root.Contains($" {name}\r\n", StringComparison.Ordinal))];
                if (there.Length == 0)
                    throw new CheckSkippedException("special files", "the root holds no FIFO, device or socket by the name of fifo, device, socket");
                foreach (string name in there)
                    await s.RefusedAsync($"RETR {name}", 550);
            });
    }

    private static async Task NoDataAsync(Session s, string line)
    {
        await using DataTarget target = await s.EpsvAsync();
        await using DataConnection data = await target.OpenAsync();
        await s.DoAsync(line, 550);
        await using DataTarget next = await s.EpsvAsync();
        await data.ExpectNothingAsync();
    }
}
