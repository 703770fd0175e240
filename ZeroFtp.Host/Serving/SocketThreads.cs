using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Serving;

/// <summary>
/// Lets the runtime's socket threads run the sessions themselves, which saves two changes of threads for each command. The store leaves them before work on files once its disk was slow. With a database and
/// 0-stor behind, whose clients are not made for it, it stays as it is. The variable decides where it is set already.
/// </summary>
internal static class SocketThreads
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Whether this process is the program's own, so that its environment may be changed.</summary>
    public static bool IsOwnProcess { get; set; }

    /// <summary>To be called before the first socket is made.</summary>
    public static void Prepare(HostConfiguration configuration)
    {
        if (IsOwnProcess && configuration.Distributed is null && Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, "1");
    }
}
