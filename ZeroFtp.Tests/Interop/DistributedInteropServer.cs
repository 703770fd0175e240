using System.Text.Json;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.ZeroStor;

namespace ZeroFtp.Tests.Interop;

/// <summary>The same program over PostgreSQL and the stand-in for 0-stor.</summary>
public sealed class DistributedInteropServer(PostgresServer server) : InteropServer
{
    private StandIn? _standIn;
    private string? _database;

    protected override async Task PrepareAsync(string directory)
    {
        _database = await server.CreateDatabaseAsync("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        _standIn = await StandIn.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(directory, "zeroftp.json"), JsonSerializer.Serialize(new
        {
            initialAccount = "",
            storage = new { kind = "distributed", metadata = new { connectionString = _database }, zeroStor = new { daemons = new[] { _standIn.Address } } },
        }));
    }

    protected override async Task ReleaseAsync()
    {
        if (_standIn is not null)
            await _standIn.DisposeAsync();
        if (_database is not null)
            await server.DropDatabaseAsync(_database);
    }
}
