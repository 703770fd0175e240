using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 5.1: TYPE, STRU and MODE.</summary>
internal sealed class S05a_Parameters : Section
{
    public S05a_Parameters()
        : base("5.1 TYPE, STRU, MODE")
    {
        Check("F959-5.1-1", Level.Must, "RFC 959 §5.1",
            "Defaults are TYPE A N, STRU F, MODE S.",
            async c =>
            {
                Session s = await c.LoginWithoutTypeAsync();
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
            });

        Check("F959-4.1.2-1", Level.Must, "RFC 959 TYPE",
            "TYPE A and TYPE A N are accepted.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string line in (string[])["TYPE A", "TYPE A N", "TYPE a n"])
                    await s.DoAsync(line, 200);
            });

        Check("F959-4.1.2-2", Level.Should, "RFC 1123 §4.1.2.2",
            "TYPE A T is accepted and treated as A N.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A T", 200);
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
            });

        Check("F959-4.1.2-3", Level.May, "RFC 959 §3.1.1.5",
            "TYPE A C (ASA control) is refused with 504 and leaves the type unchanged.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A C", 504);
                await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
            });

        Check("F959-4.1.2-4", Level.May, "RFC 959 §3.1.1.2",
            "TYPE E (N, T, C) is refused with 504 unless EBCDIC conversion is implemented.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE E", 504);
                await s.DoAsync("TYPE E N", 504);
                await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
            });

        Check("F959-4.1.2-5", Level.Must, "RFC 959 TYPE",
            "TYPE I is accepted and transfers octets unchanged.",
            async c =>
            {
                Session s = await c.LoginWithoutTypeAsync();
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
            });

        Check("F959-4.1.2-6", Level.Must, "RFC 1123 §4.1.2.1",
            "TYPE L 8 equals TYPE I.",
            async c =>
            {
                Session s = await c.LoginWithoutTypeAsync();
                await s.DoAsync("TYPE L 8", 200);
                await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
            });

        Check("F959-4.1.2-7", Level.Must, "RFC 959 TYPE",
            "TYPE L needs a byte size; sizes other than 8 give 504.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE L", 501);
                await s.DoAsync("TYPE L 36", 504);
                await s.DoAsync("TYPE L x", 501);
                await s.DoAsync("TYPE L 0", 501);
            });

        Check("F959-4.1.2-8", Level.Must, "RFC 959 §5.4",
            "An unknown type letter or form gives 501 or 504 and the old type stays.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string line in (string[])["TYPE X", "TYPE A Q", "TYPE I Q"])
                {
                    await s.DoAsync(line, 501, 504);
                    await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
                }
            });

        Check("F959-4.1.2-9", Level.Must, "RFC 959 TYPE",
            "When only the first argument changes, the format returns to Non-print.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A T", 200);
                Reply telnet = await s.DoAsync("STAT", 211);
                await s.DoAsync("TYPE A", 200);
                Reply plain = await s.DoAsync("STAT", 211);
                await s.DoAsync("TYPE A N", 200);
                Reply explicitly = await s.DoAsync("STAT", 211);
                Verify.Equal(TypeLine(explicitly), TypeLine(plain), "what STAT says of the type after TYPE A, compared with TYPE A N");
                Verify.That(TypeLine(plain).Length > 0, $"STAT does not name the type: {plain}");
                Verify.NoMatch("(?i)telnet|form: *t\\b", TypeLine(plain), "format after TYPE A");
                s.Note($"after TYPE A T: {TypeLine(telnet)}");
            });

        Check("F959-4.1.2-10", Level.Must, "RFC 959 STRU",
            "STRU F is accepted.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("STRU F", 200);
            });

        Check("F959-4.1.2-11", Level.May, "RFC 959 §3.1.2, RFC 1123 §4.1.2.13",
            "STRU R: either 504 or full record support; a host without record files may choose either.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("STRU R", 200, 504);
            });

        Check("F959-4.1.2-12", Level.ShouldNot, "RFC 1123 §4.1.2.3",
            "STRU P is refused.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("STRU P", 504);
            });

        Check("F959-4.1.2-13", Level.Must, "RFC 959 STRU",
            "Bad structure codes give 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("STRU X", 501);
                await s.DoAsync("STRU", 501);
            });

        Check("F959-4.1.2-14", Level.Must, "RFC 959 MODE",
            "MODE S is accepted.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE S", 200);
            });

        Check("F959-4.1.2-15", Level.May, "RFC 959 MODE",
            "MODE B and MODE C give 504 unless implemented per section 5.3.",
            async c =>
            {
                foreach (string mode in (string[])["B", "C"])
                {
                    Session s = await c.LoginAsync();
                    await s.DoAsync($"MODE {mode}", 200, 504);
                }
            });

        Check("F959-4.1.2-16", Level.Must, "RFC 959 MODE",
            "A bad mode gives 501/504 and the old one stays.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("MODE X", 501, 504);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("F959-4.1.2-17", Level.Must, "RFC 959 §4.1.2",
            "Parameters persist until changed or reset and may be set in any order before the transfer.",
            async c =>
            {
                Session s = await c.LoginWithoutTypeAsync();
                foreach (string line in (string[])["MODE S", "STRU F", "TYPE I"])
                    await s.DoAsync(line, 200);
                for (int count = 0; count < 10; count++)
                    await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });
    }

    /// <summary>The part of STAT that names the type, in upper case.</summary>
    private static string TypeLine(Reply status)
        => (status.Lines.FirstOrDefault(line => line.Contains("TYPE", StringComparison.OrdinalIgnoreCase)) ?? "").ToUpperInvariant();
}
