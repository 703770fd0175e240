using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Npgsql;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Tests.Support;

[assembly: AssemblyFixture(typeof(ZeroFtp.Tests.Storage.Metadata.PostgresServer))]

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>
/// A PostgreSQL cluster of this test run alone, made from the installed programs when a test first asks for it and removed at the end. It listens on a Unix socket in its own directory, so that no port is needed.
/// Where PostgreSQL is not installed the tests that ask are skipped, and fail if <c>CI</c> is <c>true</c>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Template = "zeroftp_template";

    private const string NotFound = "no initdb was found under /usr/lib/postgresql or in PATH.";

    private readonly SemaphoreSlim _starting = new(1);
    private readonly ConcurrentStack<string> _free = new();

    private Process? _process;
    private string? _directory;
    private string? _fault;
    private int _databases;

    /// <summary>The connection string of an empty database with the schema in it, which nobody else uses until it is given back.</summary>
    public async Task<string> TakeDatabaseAsync()
    {
        await StartAsync();
        if (_free.TryPop(out string? free))
            return free;
        return await CreateDatabaseAsync("TEMPLATE " + Template);
    }

    /// <summary>Empties a database and gives it back: much faster than dropping it and making another.</summary>
    public async Task GiveBackAsync(string connectionString)
    {
        await ExecuteAsync(new NpgsqlConnectionStringBuilder(connectionString).Database!, """
            DELETE FROM meta WHERE key LIKE 'turn %'; DELETE FROM upload; DELETE FROM reserve; DELETE FROM server; DELETE FROM garbage; DELETE FROM garbage_object; DELETE FROM extent; DELETE FROM usage; DELETE FROM dir_rule; DELETE FROM account;
            DELETE FROM file; DELETE FROM path WHERE name IS NULL; DELETE FROM mark;
            """);
        _free.Push(connectionString);
    }

    /// <summary>The connection string of a new database, made with the given options and nothing in it.</summary>
    public async Task<string> CreateDatabaseAsync(string options)
    {
        await StartAsync();
        string name = $"zeroftp_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} {options}");
        return ConnectionString(name);
    }

    /// <summary>Removes a database that <see cref="CreateDatabaseAsync"/> gave.</summary>
    public Task DropDatabaseAsync(string connectionString) => ExecuteAsync("postgres", $"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>Runs a statement as the superuser.</summary>
    public async Task<object?> ExecuteAsync(string database, string statement)
    {
        await using NpgsqlConnection connection = new(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The Unix socket that it listens on.</summary>
    public string SocketPath => Path.Combine(_directory!, ".s.PGSQL.5432");

    /// <summary>Stops the server as if it had crashed; what it has committed stays. Only for a server that no other test shares.</summary>
    public Task StopAsync() => SignalAsync("-QUIT");

    /// <summary>Starts it again.</summary>
    public Task StartAgainAsync() => RunServerAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await SignalAsync("-QUIT");
        if (_directory is not null)
            Directory.Delete(_directory, recursive: true);
        _starting.Dispose();
    }

    private string ConnectionString(string database) => $"Host={_directory};Username=postgres;Database={database};Maximum Pool Size=24;Timeout=60;Command Timeout=120";

    private async Task StartAsync()
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_process is null && _fault is null)
                await CreateClusterAsync();
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            _fault = fault.Message;
        }
        finally
        {
            _starting.Release();
        }
        if (_fault is not null)
            Miss(_fault);
    }

    /// <summary>For a test that starts a server of its own: without PostgreSQL it is skipped on a developer's machine and fails on the build server.</summary>
    public static void Need()
    {
        if (Programs() is null)
            Miss(NotFound);
    }

    private static void Miss(string fault)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Assert.Fail("PostgreSQL is needed: " + fault);
        Assert.Skip("PostgreSQL cannot be started here: " + fault);
    }

    private async Task CreateClusterAsync()
    {
        string programs = Programs() ?? throw new InvalidOperationException(NotFound);
        _directory = Directory.CreateTempSubdirectory("zeroftp-pg").FullName;
        if (IsRoot())
            await RunAsync("chown", Account(), _directory);
        await RunAsOwnerAsync(Path.Combine(programs, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions");
        await RunServerAsync();
        await ExecuteAsync("postgres", $"CREATE DATABASE {Template} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        string text = ConnectionString(Template) + ";Pooling=false";
        await using IMetadataStore store = await CockroachMetadata.OpenAsync(new CockroachMetadataOptions { ConnectionString = text, Role = MetadataRole.Tool }, CancellationToken.None);
    }

    private string Data => Path.Combine(_directory!, "data");

    private async Task RunServerAsync()
    {
        List<string> arguments = ["-D", Data, "-k", _directory!];
        // Commits are not synced, but they are handed to the operating system before they are answered: a server that is killed must keep them.
        foreach (string setting in (string[])["listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=32MB", "autovacuum=off", "log_min_messages=panic"])
            arguments.AddRange(["-c", setting]);
        _process = Start(true, Path.Combine(Programs()!, "postgres"), [.. arguments]);
        _process.BeginErrorReadLine();
        for (Stopwatch waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < TimeSpan.FromSeconds(60) && !_process.HasExited)
            {
                await Task.Delay(50);
            }
            catch (NpgsqlException fault)
            {
                throw new InvalidOperationException("the server does not start: " + fault.Message, fault);
            }
        }
    }

    private async Task SignalAsync(string signal)
    {
        await RunAsync("kill", signal, _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await _process.ExitAsync("PostgreSQL");
        _process.Dispose();
        _process = null;
    }

    private static string? Programs()
    {
        string[] found = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        IEnumerable<string> candidates = found.OrderDescending(StringComparer.Ordinal).Select(static d => Path.Combine(d, "bin")).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return candidates.FirstOrDefault(static d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")));
    }

    private static bool IsRoot() => Environment.UserName == "root";

    // The server refuses to run as root.
    private static string Account() => File.ReadLines("/etc/passwd").Any(static l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static async Task RunAsOwnerAsync(string program, params string[] arguments) => await EndAsync(Start(true, program, arguments), program);

    private static async Task RunAsync(string program, params string[] arguments) => await EndAsync(Start(false, program, arguments), program);

    private static async Task EndAsync(Process process, string program)
    {
        using (process)
        {
            StringBuilder text = new();
            process.ErrorDataReceived += (_, line) => text.AppendLine(line.Data);
            process.BeginErrorReadLine();
            await process.ExitAsync(program);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{program}: {text}");
        }
    }

    // setpriv replaces itself by the program, so that the process started is the server itself.
    private static Process Start(bool asOwner, string program, string[] arguments)
    {
        ProcessStartInfo start = new() { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        if (asOwner && IsRoot())
        {
            start.FileName = "setpriv";
            foreach (string argument in (string[])["--reuid=" + Account(), "--regid=" + Group(), "--clear-groups", program, .. arguments])
                start.ArgumentList.Add(argument);
        }
        else
        {
            start.FileName = program;
            foreach (string argument in arguments)
                start.ArgumentList.Add(argument);
        }
        Process process = Process.Start(start) ?? throw new InvalidOperationException(program + " does not start.");
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static string Group() => File.ReadLines("/etc/passwd").First(static l => l.StartsWith(Account() + ":", StringComparison.Ordinal)).Split(':')[3];
}
