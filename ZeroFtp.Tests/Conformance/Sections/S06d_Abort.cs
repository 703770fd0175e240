using System.Globalization;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 6.2, second part: ABOR.</summary>
internal sealed class S06d_Abort : Section
{
    public S06d_Abort()
        : base("6.2 ALLO, REST, RNFR/RNTO, ABOR")
    {
        Check("F959-4.1.3-29", Level.Must, "RFC 959 ABOR",
            "ABOR during a transfer closes the data connection, answers 426 for the transfer and then 226 for ABOR.",
            async c =>
            {
                Session s = await c.LoginAsync();
                s.DataReceiveBuffer = 8192;
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await data.ReadExactlyAsync(65536);
                await s.SendAsync("ABOR");
                await s.ExpectAsync(426);
                await s.ExpectAsync(226);
                await s.DoAsync("NOOP", 200);
                Verify.That((await data.ReadToEndAsync()).Length < FixtureTree.BigLength - 65536, "the whole file was sent");
            });

        Check("F959-4.1.3-30", Level.Must, "RFC 959 ABOR",
            "ABOR with nothing in progress answers 226 (225 if a data connection stays open) and never closes control.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("ABOR", 226, 225);
                await s.InStepAsync();
                Session fresh = await c.ConnectAsync();
                await fresh.DoAsync("ABOR", 226, 225);
                await fresh.InStepAsync();
            });

        Check("F959-4.1.3-31", Level.Must, "RFC 959 ABOR, RFC 2428 §3",
            "ABOR drops a pending passive listener.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataTarget target = await s.EpsvAsync();
                await s.DoAsync("ABOR", 226, 225);
                Verify.That(await target.RefusesAsync(), "the passive port still accepts after ABOR");
                await s.DoAsync("LIST", 425);
            });

        Check("F959-4.1.3-32", Level.Should, "RFC 1123 §4.1.3.3",
            "ABOR is acted on immediately while data flows, even when the data peer does not read.",
            async c =>
            {
                Session s = await c.LoginAsync();
                s.DataReceiveBuffer = 8192;
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await data.SecureAsync();
                await Task.Delay(500);
                await s.SendAsync("ABOR");
                Verify.Equal(426, (await s.ReadAsync(TimeSpan.FromSeconds(1))).Code, "first reply");
                Verify.Equal(226, (await s.ReadAsync(TimeSpan.FromSeconds(1))).Code, "second reply");
            });

        Check("F959-4.1.3-33", Level.Choice, "",
            "If the transfer completed before ABOR was read, the replies are 226 (transfer) and 226 (ABOR).",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                await s.SendRawAsync("RETR /zero\r\nABOR\r\n");
                await s.ExpectAsync(150, 125);
                await s.ExpectAsync(226, 426);
                await s.ExpectAsync(226);
                await s.ExpectSilenceAsync(0.5);
                await s.InStepAsync();
            });

        Check("F959-4.1.3-34", Level.DeFacto, "",
            "ABOR during an upload keeps the bytes already received and the session usable.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await using DataConnection data = await s.BeginAsync($"STOR {up}/p");
                await data.WriteAsync(new byte[100]);
                await Task.Delay(500);
                await s.SendAsync("ABOR");
                await s.ExpectAsync(426);
                await s.ExpectAsync(226);
                Reply size = await s.DoAsync($"SIZE {up}/p", 213);
                long kept = long.Parse(size.Text, CultureInfo.InvariantCulture);
                Verify.That(kept is > 0 and <= 100, $"{kept} octets were kept, expected 1 to 100");
                await s.PutAsync($"{up}/q", "still usable");
            });
    }
}
