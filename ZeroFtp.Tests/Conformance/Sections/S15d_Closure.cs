using System.Net.Sockets;
using System.Security.Authentication;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 15.4: how protected data connections end.</summary>
internal sealed class S15d_Closure : Section
{
    public S15d_Closure()
        : base("15 The end of TLS data")
    {
        Check("F4217-12-1", Level.Must, "RFC 4217 §12",
            "End of a download: server sends close_notify, then closes, then 226.",
            async c =>
            {
                foreach (SslProtocols version in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
                {
                    Session s = await c.LoginTlsAsync(tls: new TlsSettings { Protocols = version });
                    await using DataConnection data = await s.BeginAsync("RETR docs/a.txt");
                    Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                    Verify.That(data.Tap!.LastIsAlert, $"{version}: the data ended without close_notify");
                    Verify.That(!data.WasReset, $"{version}: the data connection was reset");
                    await s.ExpectAsync(226);
                }
            });

        Check("F4217-12-2", Level.DeFacto, "",
            "After its close_notify the server keeps reading until peer close_notify/FIN or a short limit.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await data.SecureAsync();
                byte[] expected = FixtureTree.Big();
                int at = 0;
                while (at < 2_000_000)
                {
                    byte[] part = await data.ReadExactlyAsync(50_000);
                    Verify.Bytes(expected[at..(at + part.Length)], part, "data");
                    at += part.Length;
                    await Task.Delay(10);
                }

                Verify.Bytes(expected[at..], await data.ReadToEndAsync(TimeSpan.FromSeconds(20)), "rest of the data");
                Verify.That(data.Tap!.LastIsAlert && !data.WasReset, "the data ended in a reset or without close_notify");
                await s.ExpectAsync(226);
            });

        Check("F4217-12-3", Level.Choice, "RFC 4217 §12",
            "End of an upload is the client's close_notify.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                string up = await c.ScratchAsync(s);
                await using DataConnection data = await s.BeginAsync($"STOR {up}/x");
                await data.WriteAsync("hello");
                data.HalfClose();
                await s.ExpectAsync(226);
                await s.GetAsync($"{up}/x", "hello");
            });

        Check("F4217-12-4", Level.DeFacto, "",
            "For uploads the server answers close_notify with its own before closing TCP.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                string up = await c.ScratchAsync(s);
                await using DataConnection data = await s.BeginAsync($"STOR {up}/x");
                await data.WriteAsync("hello");
                TimeSpan wait = await ContextExtras.TimeAsync(data.UnwrapAsync);
                Verify.That(data.Tap!.LastIsAlert, "the server did not answer close_notify with its own");
                Verify.That(!data.WasReset && wait < TimeSpan.FromSeconds(1), $"the server's closure took {wait.TotalSeconds:0.00} s, or was a reset");
                await s.ExpectAsync(226);
                await s.GetAsync($"{up}/x", "hello");
            });

        Check("F4217-12-5", Level.Choice, "",
            "RST, a fatal alert or EOF inside a TLS record during upload gives 426, and the file is marked partial (kept).",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                string up = await c.ScratchAsync(s);
                await using (DataConnection data = await s.BeginAsync($"STOR {up}/cut"))
                {
                    await data.WriteAsync(new byte[1000]);
                    await data.Socket.SendAsync(Octets.Raw("\x17\x03\x03\x01\x00" + "half a record"));
                    data.HalfClose();
                    await s.ExpectAsync(426);
                }

                await using (DataConnection data = await s.BeginAsync($"STOR {up}/reset"))
                {
                    await data.WriteAsync(new byte[1000]);
                    data.Reset();
                    await s.ExpectAsync(426);
                }

                await s.InStepAsync();
                Reply size = await s.AskAsync($"SIZE {up}/cut");
                Verify.That(size.Code is 213 or 550, $"SIZE of what is left: {size}");
            });

        Check("F4217-12-6", Level.DeFacto, "",
            "Empty transfers still do the full handshake and closure.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await using DataConnection data = await s.BeginAsync("RETR /zero");
                Verify.Bytes("", await data.ReadToEndAsync(), "data");
                Verify.That(data.Tap!.LastIsAlert, "the empty data ended without close_notify");
                await s.ExpectAsync(226);
            });

        Check("F4217-12-7", Level.DeFacto, "",
            "The handshake is started even if the client first waits for 150 and only then connects.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await using DataTarget target = await s.EpsvAsync();
                await s.SendAsync("RETR docs/a.txt");
                await s.ExpectAsync(150);
                await using DataConnection data = await target.OpenAsync();
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226);
            });
    }
}
