using System.Diagnostics;
using System.Globalization;
using System.Net;
using ZeroFtp.Benchmarks.Support;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Postgres;

namespace ZeroFtp.Benchmarks.Distributed;

/// <summary>Small uploads by several sessions, beside a loop without server and content that runs the same units of the database.</summary>
internal static class SmallFileMeasure
{
    private const int Sessions = 8;
    private const int Length = 4 << 10;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(8);

    public static async Task RunAsync(Database database)
    {
        await using Child standIn = Child.Start("listening on ", "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "zerostor-standin.dll"), "--listen", "127.0.0.1:0"]);
        string daemon = await standIn.Line;
        string connection = await database.CreateAsync("small");
        await FrontEnd.PrepareAsync(connection, daemon);
        await using Child frontEnd = FrontEnd.Start(connection, daemon);
        IPEndPoint address = await FrontEnd.AddressAsync(frontEnd);
        await using SqlMetadataStore store = await CockroachMetadata.OpenAsync(new CockroachMetadataOptions { ConnectionString = connection, Role = MetadataRole.FrontEnd }, CancellationToken.None);

        List<double> own = [], bare = [];
        double repeated = 0;
        for (int round = -1; round < 3; round++)
        {
            long trips = store.RoundTrips;
            double units = await RateAsync(session => UnitsAsync(store, $"bare-{round}-{session}"));
            repeated = ((store.RoundTrips - trips) / (units * Time.TotalSeconds)) - 2;
            double uploads = await RateAsync(session => UploadsAsync(address, $"ftp-{round}-{session}"));
            if (round < 0)
                continue;
            bare.Add(units);
            own.Add(uploads);
        }
        (double ftp, double loop) = (own.Order().ElementAt(1), bare.Order().ElementAt(1));
        Report.Line(string.Create(CultureInfo.InvariantCulture, $"uploads of {Length >> 10} KiB by {Sessions} sessions: {ftp:F0}/s; the units of the database alone, a look-up and a publication for each: {loop:F0}/s; ratio {ftp / loop:F2}; the loop ran {repeated:F1} units again for each upload"));
    }

    private static async Task<double> RateAsync(Func<int, Task<Func<int, Task>>> prepare)
    {
        Func<int, Task>[] sessions = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(prepare));
        long began = Stopwatch.GetTimestamp();
        int[] counts = await Task.WhenAll(sessions.Select(session => Task.Run(async () =>
        {
            int count = 0;
            for (; Stopwatch.GetElapsedTime(began) < Time; count++)
                await session(count);
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<Func<int, Task>> UploadsAsync(IPEndPoint address, string directory)
    {
        Client client = await Client.LoginAsync(address);
        await client.SendAsync("MKD /" + directory);
        byte[] buffer = new byte[Length];
        return i => client.StoreAsync($"/{directory}/{i}", buffer, Length);
    }

    private static async Task<Func<int, Task>> UnitsAsync(SqlMetadataStore store, string name)
    {
        FileRow directory = (await store.CreateDirectoryAsync(IMetadataTree.Root, name, 0b111_101_101, "alice", CancellationToken.None)).File!;
        string reference = new('r', 160);
        return async i =>
        {
            string file = i.ToString(CultureInfo.InvariantCulture);
            await store.ResolveAsync(IMetadataTree.Root, new[] { name, file }, CancellationToken.None);
            await store.PublishAsync(new PublishRequest
            {
                Plan = new UploadPlan { Key = store.NewKey(), Directory = directory.Id, Name = file, Owner = "alice", Kind = UploadKind.Replace, FileMode = 0b110_100_100, KeepPartial = true },
                Length = Length,
                Extents = [new Extent(0, Length, new ObjectRow(store.NewId(), Length, 1, 1, reference))],
                ModTime = 1,
            }, CancellationToken.None);
        };
    }
}
