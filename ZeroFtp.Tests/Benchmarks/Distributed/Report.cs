namespace ZeroFtp.Benchmarks.Distributed;

/// <summary>Measures a distributed store on one machine: <c>dotnet run -c Release --project ZeroFtp.Tests/Benchmarks -- distributed [transfers] [listings] [small] [--size MIB]</c>.</summary>
internal static class Report
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        int at = Array.IndexOf(arguments, "--size");
        int mebibytes = at < 0 ? 1024 : int.Parse(arguments[at + 1], System.Globalization.CultureInfo.InvariantCulture);
        string[] wanted = [.. arguments.Where((argument, i) => at < 0 || (i != at && i != at + 1))];
        await using Database database = await Database.StartAsync();
        if (IsWanted("transfers"))
            await TransferMeasure.RunAsync(database, mebibytes);
        if (IsWanted("listings"))
            await ListingMeasure.RunAsync(database);
        if (IsWanted("small"))
            await SmallFileMeasure.RunAsync(database);
        return 0;

        bool IsWanted(string what) => wanted.Length == 0 || wanted.Contains(what, StringComparer.Ordinal);
    }

    public static void Line(string text) => Console.WriteLine(text);
}
