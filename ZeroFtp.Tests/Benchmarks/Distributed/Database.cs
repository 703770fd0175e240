using Npgsql;
using ZeroFtp.Benchmarks.Support;

namespace ZeroFtp.Benchmarks.Distributed;

/// <summary>A PostgreSQL cluster of its own, with the settings that it is installed with: commits are synced.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly Child _server;
    private readonly string _directory;

    private Database(Child server, string directory) => (_server, _directory) = (server, directory);

    public string ConnectionString(string database) => $"Host={_directory};Username=postgres;Database={database}";

    public static async Task<Database> StartAsync()
    {
        string programs = Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(static d => Path.Combine(d, "bin")).First();
        string directory = Directory.CreateTempSubdirectory("zeroftp-bench-pg").FullName;
        bool isRoot = Environment.UserName == "root";
        if (isRoot)
            await Child.RunAsync("chown", ["postgres", directory]);
        string data = Path.Combine(directory, "data");
        (string program, string[] before) = isRoot ? ("setpriv", new[] { "--reuid=postgres", "--regid=postgres", "--clear-groups" }) : ("env", []);
        await Child.RunAsync(program, [.. before, Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"]);
        Child server = Child.Start("\0", program, [.. before, Path.Combine(programs, "postgres"), "-D", data, "-k", directory, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=256MB"]);
        Database database = new(server, directory);
        for (int i = 0; ; i++)
        {
            try
            {
                await database.RunAsync("postgres", "SELECT 1");
                return database;
            }
            catch (NpgsqlException) when (i < 600)
            {
                await Task.Delay(50);
            }
        }
    }

    public async Task<string> CreateAsync(string name)
    {
        await RunAsync("postgres", $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        return ConnectionString(name);
    }

    public async Task RunAsync(string database, string statements)
    {
        await using NpgsqlConnection connection = new(ConnectionString(database) + ";Pooling=false;Command Timeout=600");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(statements, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Child.RunAsync("kill", ["-QUIT", _server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
