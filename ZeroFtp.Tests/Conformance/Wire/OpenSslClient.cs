using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>The program <c>openssl s_client</c>, for the one thing no other client at hand does: ask for a renegotiation.</summary>
internal static class OpenSslClient
{
    /// <summary>Connects with TLS 1.2 after AUTH TLS and asks to renegotiate; gives what the program had to say after it asked.</summary>
    public static async Task<string> RenegotiateAsync(IPEndPoint server, TimeSpan patience)
    {
        ProcessStartInfo start = new("openssl", ["s_client", "-connect", $"{server}", "-starttls", "ftp", "-tls1_2"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process program = Start(start);
        try
        {
            using CancellationTokenSource timeout = new(patience * 2);
            while (await program.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            {
                if (line.Contains("Extended master secret", StringComparison.Ordinal))
                    break;
            }

            await program.StandardInput.WriteAsync("R\n");
            await program.StandardInput.FlushAsync(timeout.Token);
            await Task.Delay(TimeSpan.FromSeconds(1), timeout.Token);
            program.StandardInput.Close();
            string output = await program.StandardOutput.ReadToEndAsync(timeout.Token);
            string errors = await program.StandardError.ReadToEndAsync(timeout.Token);
            int asked = errors.IndexOf("RENEGOTIATING", StringComparison.Ordinal);
            Verify.That(asked >= 0, $"openssl did not ask for a renegotiation: {output}{errors}");
            return errors[asked..];
        }
        finally
        {
            if (!program.HasExited)
                program.Kill();
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new CheckSkippedException("openssl", $"the program openssl is not there: {missing.Message}");
        }
    }
}
