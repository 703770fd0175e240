using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using ZeroFtp.ZeroStor.Shards;

namespace ZeroFtp.ZeroStor.ZeroDb;

/// <summary>Runs 0-db servers, one for each shard, until a signal ends the process.</summary>
internal static class ZeroDbCommand
{
    /// <param name="arguments">The command line behind <c>zdb</c>.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        IPEndPoint listen = new(IPAddress.Loopback, ShardSet.FirstPort);
        (int shards, string? data, string password) = (4, null, "");
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string value = ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            switch (name)
            {
                case "--listen":
                    listen = IPEndPoint.Parse(value);
                    break;
                case "--shards":
                    shards = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "--data":
                    data = value;
                    break;
                case "--password":
                    password = value;
                    break;
                default:
                    throw new FormatException($"There is no argument {name}.");
            }
        }

        List<ZeroDbServer> servers = [];
        try
        {
            for (int i = 0; i < shards; i++)
            {
                IPEndPoint address = new(listen.Address, listen.Port == 0 ? 0 : listen.Port + i);
                string? directory = data is null ? null : Path.Combine(data, $"shard-{i}");
                servers.Add(new ZeroDbServer(address, password, id => directory is null ? new MemoryShard(id) : new DirectoryShard(id, directory)));
            }

            TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
            Console.WriteLine($"listening on {string.Join(',', servers.Select(static server => server.Id))}");
            await ended.Task;
            return 0;

            void End(PosixSignalContext context)
            {
                context.Cancel = true;
                ended.TrySetResult();
            }
        }
        finally
        {
            foreach (ZeroDbServer server in servers)
                await server.DisposeAsync();
        }
    }
}
