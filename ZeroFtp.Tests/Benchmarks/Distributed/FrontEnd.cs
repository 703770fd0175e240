using System.Globalization;
using System.Net;
using ZeroFtp.Benchmarks.Support;

namespace ZeroFtp.Benchmarks.Distributed;

/// <summary>The program itself with its defaults, on a database and 0-stor.</summary>
internal static class FrontEnd
{
    public static string Program => Path.Combine(AppContext.BaseDirectory, "zeroftp.dll");

    public static Child Start(string database, string daemon) =>
        Child.Start("listening on ", "dotnet", ["exec", Program, "serve", "--listen", "127.0.0.1:0", "--no-login-limits", "--data", Path.Combine(Path.GetTempPath(), "zeroftp-bench-data")], Environment(database, daemon));

    public static async Task<IPEndPoint> AddressAsync(Child frontEnd) => IPEndPoint.Parse((await frontEnd.Line).Split(' ')[0]);

    /// <summary>Makes the schema and the account.</summary>
    public static async Task PrepareAsync(string database, string daemon)
    {
        IReadOnlyDictionary<string, string> environment = Environment(database, daemon);
        await Child.RunAsync("dotnet", ["exec", Program, "migrate", "--apply"], environment);
        string word = Path.GetTempFileName();
        await File.WriteAllTextAsync(word, Client.Password + "\n");
        await Child.RunAsync("bash", ["-c", string.Create(CultureInfo.InvariantCulture, $"dotnet exec '{Program}' user add {Client.User} --home / --password-stdin < {word}")], environment);
        File.Delete(word);
    }

    private static Dictionary<string, string> Environment(string database, string daemon) => new()
    {
        ["ZEROFTP__STORAGE__KIND"] = "distributed",
        ["ZEROFTP__STORAGE__METADATA__CONNECTIONSTRING"] = database,
        ["ZEROFTP__STORAGE__ZEROSTOR__DAEMONS"] = daemon,
        ["ZEROFTP__INITIALACCOUNT"] = "",
        ["ZEROFTP__LOG__LEVEL"] = "Warning",
        ["ZEROFTP__TRANSFERLOG__FILE"] = "",
    };
}
