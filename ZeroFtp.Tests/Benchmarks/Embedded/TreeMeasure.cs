using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Data.Sqlite;
using ZeroFtp.Benchmarks.Support;

namespace ZeroFtp.Benchmarks.Embedded;

/// <summary>A tree of a million files: what the start and the first login take, what a listing of 100,000 takes, and how much memory all directories take when each has been listed.</summary>
internal static class TreeMeasure
{
    private const int Entries = 100_000;
    private const int Files = 1_000_000;
    private const int PerDirectory = 1_000;
    private const int Directories = (Files - Entries) / PerDirectory;

    public static async Task RunAsync(string data)
    {
        await EmbeddedServer.PrepareAsync(data);
        await StartAsync(data, "an empty store");
        Fill(data, "many", 9_000_000_000, Entries, Entries);
        Fill(data, "d", 10_000_000_000, Files - Entries, PerDirectory);
        await StartAsync(data, string.Create(CultureInfo.InvariantCulture, $"{Files:N0} files"));
        await ListAsync(data);
    }

    private static async Task StartAsync(string data, string what)
    {
        List<(TimeSpan Start, TimeSpan Login, long Memory)> took = [];
        for (int i = 0; i < 3; i++)
        {
            await using Child server = EmbeddedServer.Start(data);
            IPEndPoint address = await EmbeddedServer.AddressAsync(server);
            long began = Stopwatch.GetTimestamp();
            using Client client = await Client.LoginAsync(address);
            took.Add((server.Took, Stopwatch.GetElapsedTime(began), server.PeakMemory));
        }
        took.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: it listens after {took[1].Start.TotalSeconds:F2} s, the first login takes {took[1].Login.TotalSeconds:F2} s; {took[1].Memory >> 20} MiB"));
    }

    private static async Task ListAsync(string data)
    {
        await using Child server = EmbeddedServer.Start(data);
        using Client client = await Client.LoginAsync(await EmbeddedServer.AddressAsync(server));
        byte[] buffer = new byte[256 << 10];
        // Code is compiled before; the directories themselves stay cold.
        await client.RetrieveAsync("MLSD /d0", buffer);
        await client.RetrieveAsync("LIST /d0", buffer);
        foreach (string verb in new[] { "MLSD", "LIST" })
        {
            List<double> cold = [];
            for (int i = verb == "MLSD" ? 1 : 101; cold.Count < 100; i++)
                cold.Add((await TimedAsync(client, $"{verb} /d{i}", buffer)).Took.TotalMilliseconds);
            List<double> warm = [];
            for (int i = verb == "MLSD" ? 1 : 101; warm.Count < 100; i++)
                warm.Add((await TimedAsync(client, $"{verb} /d{i}", buffer)).Took.TotalMilliseconds);
            cold.Sort();
            warm.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verb} of {PerDirectory:N0}: cold {cold[50]:F2} ms, warm {warm[50]:F2} ms"));
        }
        long before = server.PeakMemory;
        (long count, TimeSpan first, TimeSpan whole) = await TimedAsync(client, "MLSD /many0", buffer);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"MLSD of {Entries:N0}, cold, {count >> 10:N0} KiB: {whole.TotalSeconds:F2} s, first octet after {first.TotalMilliseconds:F0} ms; the process grew by {(server.PeakMemory - before) >> 20} MiB"));
        (_, first, whole) = await TimedAsync(client, "MLSD /many0", buffer);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the same, warm: {whole.TotalSeconds:F2} s, first octet after {first.TotalMilliseconds:F0} ms"));
        for (int i = 0; i < Directories; i++)
            await client.RetrieveAsync($"MLSD /d{i}", buffer);
        Console.WriteLine($"after a listing of each directory: {server.PeakMemory >> 20} MiB at the peak");
    }

    private static async Task<(long Count, TimeSpan First, TimeSpan Took)> TimedAsync(Client client, string command, byte[] buffer)
    {
        long began = Stopwatch.GetTimestamp();
        (long count, TimeSpan first) = await client.RetrieveAsync(command, buffer);
        return (count, first, Stopwatch.GetElapsedTime(began));
    }

    // Rows as uploads of nothing would have left them.
    private static void Fill(string data, string prefix, long first, int files, int perDirectory)
    {
        using SqliteConnection database = new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "metadata.db"), Pooling = false }.ConnectionString);
        database.Open();
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = $"""
            BEGIN;
            CREATE TEMP TABLE n AS WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i < {files - 1}) SELECT i FROM s;
            INSERT INTO path (id, ver) SELECT {first} + i, 1 FROM n WHERE i < {files / perDirectory};
            INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, owner) SELECT {first} + i, 1, '{prefix}' || i, TRUE, 493, 0, 0, '{Client.User}' FROM n WHERE i < {files / perDirectory};
            INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, size, stor_key, owner)
              SELECT {first} + 1000000 + i, {first} + i / {perDirectory}, 'file-' || printf('%08d', i) || '.dat', FALSE, 420, 1700000000000000, 1700000000000000, 0, printf('%016x', {first} + 1000000 + i), '{Client.User}' FROM n;
            INSERT INTO usage (owner, slot, bytes, files) VALUES ('{Client.User}', 0, 0, {files}) ON CONFLICT (owner, slot) DO UPDATE SET files = usage.files + excluded.files;
            DROP TABLE n;
            COMMIT
            """;
        command.ExecuteNonQuery();
    }
}
