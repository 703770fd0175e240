using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 29.11: dialogues of devices.</summary>
internal sealed class S29e_Devices : Section
{
    public S29e_Devices()
        : base("29 Embedded devices")
    {
        Check("CLI-EM-1", Level.DeFacto, "",
            "Everything works with single-line 220 and 230 replies; long banners are avoidable by configuration.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Verify.Equal(1, s.Greeting.Lines.Count, "lines of the greeting");
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                Verify.Equal(1, (await s.DoAsync($"PASS {c.Alice.Password}", 230)).Lines.Count, "lines of 230");
            });

        Check("CLI-EM-2", Level.DeFacto, "",
            "Active mode with PORT, one connection per file, is fully supported.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                for (int image = 0; image < 50; image++)
                {
                    Session camera = await c.LoginAsync();
                    await camera.UpAsync($"STOR {up}/i", $"{image}", DataMode.Port);
                    await camera.DisposeAsync();
                }

                await s.GetAsync($"{up}/i", "49");
            },
            seconds: 90);

        Check("CLI-EM-3", Level.DeFacto, "",
            "MKD of an existing directory followed by CWD is a normal pattern: 550 must leave the session usable.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}", 550);
                await s.DoAsync($"CWD {up}", 250);
                await s.PutAsync("x", "1");
            });

        Check("CLI-EM-4", Level.DeFacto, "",
            "Upload to a temporary name and RNFR/RNTO over an existing file works.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/i.jpg", "1");
                await s.PutAsync($"{up}/i.tmp", "2");
                await s.DoAsync($"RNFR {up}/i.tmp", 350);
                await s.DoAsync($"RNTO {up}/i.jpg", 250);
                await s.GetAsync($"{up}/i.jpg", "2");
            });

        Check("CLI-EM-5", Level.DeFacto, "",
            "Paths with doubled slashes and a leading slash after CWD resolve normally.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"CWD /{up}", 250);
                await s.PutAsync($"//{up}//img.jpg", "1");
                await s.GetAsync("img.jpg", "1");
            });

        Check("CLI-EM-6", Level.DeFacto, "",
            "Commands terminated by LF only, and disconnects without QUIT, are harmless.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.SendRawAsync($"USER {c.Alice.Name}\nPASS {c.Alice.Password}\nNOOP\n");
                await s.ExpectAsync(331);
                await s.ExpectAsync(230);
                await s.ExpectAsync(200);
                s.Control.Reset();
                Session next = await c.LoginAsync();
                await next.InStepAsync();
            });

        Check("CLI-EM-7", Level.DeFacto, "",
            "Devices that omit TYPE expect ASCII default; those that send TYPE I once expect it to hold for the session.",
            async c =>
            {
                Session s = await c.LoginWithoutTypeAsync();
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
                await s.DoAsync("TYPE I", 200);
                for (int time = 0; time < 20; time++)
                    Verify.Bytes(FixtureTree.AllOctets(), await s.GetAsync("/bin.dat"), "bin.dat");
            });

        Check("CLI-EM-8", Level.DeFacto, "",
            "Devices with old TLS stacks need a documented switch for TLS 1.0/1.1 and for no-resumption.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("AUTH TLS", 234);
                await s.Control.Socket.SendAsync(TlsRaw.ClientHello(0x0301));
                (int type, byte[] body) = await TlsRaw.ReadRecordAsync(s.Control.Socket, c.Patience);
                Verify.That(type is -1 or TlsRaw.Alert, $"ClientHello of TLS 1.0: expected an alert or the end, saw a record of type {type}: {Octets.Show(body)}");
                Session t = await c.LoginTlsAsync(tls: new TlsSettings { Resume = false });
                await using DataConnection data = await t.BeginAsync("RETR docs/a.txt");
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data without resumption");
                await t.ExpectAsync(226);
                Verify.That(!data.Tap!.Resumed, "the data connection was a resumption although none was asked for");
            },
            needs: ["AUTH TLS"]);
    }
}
