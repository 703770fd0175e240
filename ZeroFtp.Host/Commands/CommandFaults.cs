using System.Net.Sockets;
using ZeroFtp.Host.Certificates;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage.Embedded;

namespace ZeroFtp.Host.Commands;

/// <summary>Reports a fault that a person can correct in one line and by the exit code. Other exceptions keep their stack trace.</summary>
internal static class CommandFaults
{
    public static async Task<int> GuardAsync(Func<Task<int>> run, TextWriter error)
    {
        try
        {
            return await run();
        }
        catch (ConfigurationException e)
        {
            foreach (ConfigurationFault fault in e.Faults)
                error.WriteLine($"zeroftp: {fault}");
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("zeroftp: interrupted");
        }
        catch (Exception e) when (e is CommandException or CertificateException or StorageInUseException or SocketException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"zeroftp: {e.Message}");
        }
        return 1;
    }
}

/// <summary>A command cannot do what it was asked; the message is for the person who asked.</summary>
internal sealed class CommandException(string message) : Exception(message);
