using System.Net;
using System.Text.Json;
using Npgsql;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.ZeroStor;

namespace ZeroFtp.Tests.Support;

/// <summary>A new database, a stand-in for 0-stor, and any number of front-ends as processes of their own.</summary>
internal sealed class DistributedCluster : IAsyncDisposable
{
    public const string Password = "s3cret";

    private readonly PostgresServer _server;
    private readonly TemporaryDirectory _directory = new();
    private readonly List<ZeroFtpProgram> _programs = [];

    private readonly string _timeout;
    private readonly DelayingProxy? _proxy;
    private readonly Dictionary<string, DelayingProxy> _proxies = [];

    private DistributedCluster(PostgresServer server, string database, StandIn standIn, bool isProxied, string timeout)
    {
        (_server, ConnectionString, StandIn, _timeout) = (server, database, standIn, timeout);
        if (isProxied)
            _proxy = new DelayingProxy(Path.Combine(_directory.Path, ".s.PGSQL.5432"), server.SocketPath);
    }

    public StandIn StandIn { get; }

    public string ConnectionString { get; }

    /// <summary>Makes a database and a store.</summary>
    /// <param name="server">The database server.</param>
    /// <param name="isProxied">Whether front-ends speak to it through something that can be slowed down.</param>
    /// <param name="timeout">For how long front-ends try an operation of the database.</param>
    /// <param name="grace">How long garbage is kept.</param>
    /// <param name="keepsPartials">Whether what arrived of an interrupted upload to a new name is kept.</param>
    public static async Task<DistributedCluster> StartAsync(PostgresServer server, bool isProxied = false, string timeout = "3s", string grace = "0s", bool keepsPartials = true)
    {
        // Nothing is in the database: the first front-ends make the schema.
        string database = await server.CreateDatabaseAsync("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        return new DistributedCluster(server, database, await StandIn.StartAsync(), isProxied, timeout) { Grace = grace, KeepsPartials = keepsPartials };
    }

    /// <summary>Starts a front-end; it is ready when its listener is waited for.</summary>
    public ZeroFtpProgram Start(string name, IReadOnlyDictionary<string, string>? environment = null)
    {
        ZeroFtpProgram program = ZeroFtpProgram.Start(DirectoryOf(name), null, ["serve", "--listen", "127.0.0.1:0", "--no-login-limits"], environment);
        _programs.Add(program);
        return program;
    }

    /// <summary>Puts a proxy of its own between a front-end of this name and the database, from its next start on.</summary>
    public DelayingProxy AddProxy(string name)
    {
        string directory = Path.Combine(_directory.Path, name + ".db");
        Directory.CreateDirectory(directory);
        return _proxies[name] = new DelayingProxy(Path.Combine(directory, ".s.PGSQL.5432"), _server.SocketPath);
    }

    /// <summary>How long garbage is kept.</summary>
    public string Grace { get; init; } = "0s";

    /// <summary>Whether what arrived of an interrupted upload to a new name is kept.</summary>
    public bool KeepsPartials { get; init; } = true;

    /// <summary>Runs a command of the program on the same store.</summary>
    public Task<(int Code, string Output, string Errors)> RunAsync(string? input, params IReadOnlyList<string> arguments) => ZeroFtpProgram.RunAsync(DirectoryOf("tool"), input, arguments);

    public async Task AddAccountAsync(string name)
    {
        (int code, _, string errors) = await RunAsync(Password + "\n", "user", "add", name, "--home", "/", "--password-stdin");
        Assert.True(code == 0, errors);
    }

    public static Task<PlainFtpClient> ConnectAsync(IPEndPoint address) => PlainFtpClient.ConnectAsync(address, "alice", Password);

    /// <summary>What a statement gives.</summary>
    public async Task<long> CountAsync(string statement) => Convert.ToInt64(await _server.ExecuteAsync(new NpgsqlConnectionStringBuilder(ConnectionString).Database!, statement), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What front-ends and uploads the database knows, and what the front-ends that still run have logged last: for the message of a failure.</summary>
    public async Task<string> DescribeAsync()
    {
        object? rows = await _server.ExecuteAsync(new NpgsqlConnectionStringBuilder(ConnectionString).Database!, """
            SELECT 'now ' || CAST(extract(epoch FROM now()) * 1000000 AS INT8) || chr(10)
              || COALESCE((SELECT string_agg('server ' || row_to_json(s)::text, chr(10)) FROM server s), 'no server') || chr(10)
              || COALESCE((SELECT string_agg('upload ' || row_to_json(u)::text, chr(10)) FROM upload u), 'no upload') || chr(10)
              || (SELECT 'garbage ' || COUNT(*) FROM garbage) || (SELECT ', objects of it ' || COUNT(*) FROM garbage_object) || (SELECT ', reserved ' || COUNT(*) FROM reserve)
            """);
        return string.Join('\n', [rows?.ToString() ?? "", .. _programs.Where(static program => program.IsRunning).Select(static program => string.Join('\n', program.Errors.Split('\n').TakeLast(30)))]);
    }

    /// <summary>Lets each question to the database wait so long.</summary>
    public Task DelayDatabaseAsync(TimeSpan delay)
    {
        _proxy!.Delay = delay;
        return Task.CompletedTask;
    }

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(180));
        while (!await isSo())
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"It did not happen: {what}.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ZeroFtpProgram program in _programs)
            await program.DisposeAsync();
        foreach (DelayingProxy proxy in _proxies.Values.Concat(_proxy is null ? [] : [_proxy]))
            await proxy.DisposeAsync();
        await StandIn.DisposeAsync();
        await _server.DropDatabaseAsync(ConnectionString);
        _directory.Dispose();
    }

    private string ConnectionOf(string name)
    {
        string? host = _proxies.ContainsKey(name) ? Path.Combine(_directory.Path, name + ".db") : _proxy is null ? null : _directory.Path;
        return host is null ? ConnectionString : new NpgsqlConnectionStringBuilder(ConnectionString) { Host = host }.ConnectionString;
    }

    private string DirectoryOf(string name)
    {
        string directory = Path.Combine(_directory.Path, name);
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "zeroftp.json"), JsonSerializer.Serialize(new
        {
            initialAccount = "",
            passwords = new { pbkdf2Iterations = 1_000 },
            storage = new
            {
                kind = "distributed",
                garbageGrace = Grace,
                keepPartialUploads = KeepsPartials,
                collectInterval = "500ms",
                uploadWindowBytes = "256KiB",
                downloadWindowBytes = "256KiB",
                metadata = new { connectionString = ConnectionOf(name), frontEndName = name, frontEndLifetime = "4s", timeout = _timeout },
                zeroStor = new { daemons = new[] { StandIn.Address }, extentBytes = "64KiB", writeReserveBytes = "64KiB", retryBudget = "500ms", breakerPause = "500ms", connectTimeout = "1s" },
            },
        }));
        return directory;
    }
}
