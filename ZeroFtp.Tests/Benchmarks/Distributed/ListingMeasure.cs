using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;
using ZeroFtp.Benchmarks.Support;

namespace ZeroFtp.Benchmarks.Distributed;

/// <summary>A directory of very many entries that nobody has looked at, and the start with very many files.</summary>
internal static class ListingMeasure
{
    private const int Entries = 100_000;
    private const int Files = 1_000_000;

    public static async Task RunAsync(Database database)
    {
        const string daemon = "http://127.0.0.1:9";
        string connection = await database.CreateAsync("listings");
        await FrontEnd.PrepareAsync(connection, daemon);
        TimeSpan empty = await StartAsync(connection, daemon);
        await FillAsync(database, "many", 9_000_000_000, Entries, Entries);
        await ListAsync(connection, daemon);
        await FillAsync(database, "d", 10_000_000_000, Files - Entries, 1_000);
        TimeSpan full = await StartAsync(connection, daemon);
        Report.Line(string.Create(CultureInfo.InvariantCulture, $"start until it listens: {empty.TotalSeconds:F2} s with an empty database, {full.TotalSeconds:F2} s with {Files:N0} files"));
    }

    private static async Task<TimeSpan> StartAsync(string connection, string daemon)
    {
        List<TimeSpan> took = [];
        for (int i = 0; i < 3; i++)
        {
            await using Child frontEnd = FrontEnd.Start(connection, daemon);
            await frontEnd.Line;
            took.Add(frontEnd.Took);
        }
        return took.Order().ElementAt(1);
    }

    private static async Task ListAsync(string connection, string daemon)
    {
        await using Child frontEnd = FrontEnd.Start(connection, daemon);
        IPEndPoint address = await FrontEnd.AddressAsync(frontEnd);
        using Client client = await Client.LoginAsync(address);
        byte[] buffer = new byte[256 << 10];
        // Code is compiled before; the directory itself stays cold.
        await client.RetrieveAsync("MLSD /", buffer);
        long before = frontEnd.PeakMemory;
        TimeSpan row = await FirstRowAsync(connection);
        long began = Stopwatch.GetTimestamp();
        (long count, TimeSpan first) = await client.RetrieveAsync("MLSD /many0", buffer);
        TimeSpan cold = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        (_, TimeSpan firstWarm) = await client.RetrieveAsync("MLSD /many0", buffer);
        TimeSpan warm = Stopwatch.GetElapsedTime(began);
        Report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"MLSD of {Entries:N0} entries, {count >> 10:N0} KiB: cold {cold.TotalSeconds:F2} s, first octet after {first.TotalMilliseconds:F0} ms (the query alone gives its first row after {row.TotalMilliseconds:F0} ms); from memory {warm.TotalSeconds:F2} s, first octet after {firstWarm.TotalMilliseconds:F0} ms; memory of the front-end grew by {(frontEnd.PeakMemory - before) >> 20} MiB at most"));
    }

    private static async Task<TimeSpan> FirstRowAsync(string connection)
    {
        await using NpgsqlConnection database = new(connection);
        await database.OpenAsync();
        await using NpgsqlCommand command = new("SELECT name, is_dir, filemode, mod_time, birth_time, size, partial, link, owner, ver FROM file WHERE path_id = (SELECT id FROM file WHERE name = 'many0') ORDER BY name LIMIT 1000", database);
        long began = Stopwatch.GetTimestamp();
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return Stopwatch.GetElapsedTime(began);
    }

    // Rows as uploads of nothing would have left them; and what the database would do with so many new ones in the background is done before anything is measured.
    private static async Task FillAsync(Database database, string prefix, long first, int files, int perDirectory)
    {
        await InsertAsync(database, prefix, first, files, perDirectory);
        await database.RunAsync("listings", "VACUUM ANALYZE");
        await database.RunAsync("listings", "CHECKPOINT");
    }

    private static Task InsertAsync(Database database, string prefix, long first, int files, int perDirectory) => database.RunAsync("listings", $"""
        INSERT INTO path (id, ver) SELECT {first} + i, 1 FROM generate_series(0, {(files / perDirectory) - 1}) AS i;
        INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, owner) SELECT {first} + i, 1, '{prefix}' || i, TRUE, 493, 0, 0, '{Client.User}' FROM generate_series(0, {(files / perDirectory) - 1}) AS i;
        INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, size, stor_key, owner)
          SELECT {first} + 1000000 + i, {first} + i / {perDirectory}, 'file-' || lpad(i::text, 8, '0') || '.dat', FALSE, 420, 1700000000000000, 1700000000000000, 0, '{prefix}' || i, '{Client.User}' FROM generate_series(0, {files - 1}) AS i;
        INSERT INTO usage (owner, slot, bytes, files) VALUES ('{Client.User}', 0, 0, {files}) ON CONFLICT (owner, slot) DO UPDATE SET files = usage.files + excluded.files
        """);
}
