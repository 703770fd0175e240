using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 29.9: what devices and other real clients need, and how transfers end.</summary>
internal sealed class S29f_DevicesAndEnds : Section
{
    public S29f_DevicesAndEnds()
        : base("29 Devices and ends")
    {
        Check("DEV-1", Level.DeFacto, "",
            "An account with any right in a directory may enter it.",
            async c =>
            {
                string up = await c.ScratchAsync(await c.LoginAsync());
                Session camera = await c.LoginAsync(c.Account("drop"));
                await camera.DoAsync("CWD /", 250);
                await camera.DoAsync($"CWD {up}", 250);
                await camera.DoAsync("MKD d", 257);
                await camera.DoAsync("CWD d", 250);
                await camera.DoAsync("CDUP", 250);
                await camera.PutAsync("d/image", "x");
                await camera.RefusedAsync("RETR d/image", 550);
            });
    }
}
