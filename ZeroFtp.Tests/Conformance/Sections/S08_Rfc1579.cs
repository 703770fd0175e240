using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 8: passive mode throughout.</summary>
internal sealed class S08_Rfc1579 : Section
{
    public S08_Rfc1579()
        : base("8 RFC 1579 firewall-friendly FTP")
    {
        Check("F1579-1", Level.Should, "RFC 1579",
            "Every transfer type works with a client that only ever uses passive mode.",
            async c =>
            {
                foreach (DataMode mode in (DataMode[])[DataMode.Pasv, DataMode.Epsv])
                {
                    Session s = await c.LoginAsync();
                    string up = await c.ScratchAsync(s);
                    await s.UpAsync($"STOR {up}/{mode}", "ab", mode);
                    await s.UpAsync($"APPE {up}/{mode}", "cd", mode);
                    Verify.Bytes("abcd", await s.GetAsync($"{up}/{mode}", mode), $"content over {mode}");
                    Verify.That((await s.DownAsync("LIST", mode)).Lines.Count > 3, $"LIST over {mode}");
                    Verify.Contains("docs", (await s.DownAsync("NLST", mode)).Lines, $"NLST over {mode}");
                    if (await c.OffersAsync("MLST"))
                        Verify.Contains("docs", (await s.DownAsync("MLSD", mode)).Names, $"MLSD over {mode}");
                    await s.DoAsync($"CWD {up}", 250);
                    if (await c.OffersAsync("STOU"))
                        await s.UpAsync("STOU", "x", mode);
                }
            });

        Check("F1579-2", Level.MustNot, "RFC 1579",
            "APSV and reply 151, sketched there, are not implemented.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("APSV", 500);
            });

        Check("F1579-3", Level.Choice, "",
            "Passive ports come from a configurable range so that firewalls can be opened selectively.",
            async c =>
            {
                if (c.Settings.PassiveRange is not { } range)
                    throw new CheckSkippedException("passive range", "the server's range of passive ports was not given (--passive-range)");
                Session s = await c.LoginAsync();
                for (int count = 0; count < 100; count++)
                {
                    DataTarget target = await s.EpsvAsync();
                    Verify.That(target.Server.Port >= range.From && target.Server.Port <= range.To, $"port {target.Server.Port} is outside {range.From}-{range.To}");
                }
            },
            profile: $"{Profiles.Default}|{Profiles.ShortLimits}");
    }
}
