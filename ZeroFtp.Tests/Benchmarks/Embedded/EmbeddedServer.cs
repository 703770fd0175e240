using System.Net;
using ZeroFtp.Benchmarks.Support;

namespace ZeroFtp.Benchmarks.Embedded;

/// <summary>The program itself with its defaults, over a directory.</summary>
internal static class EmbeddedServer
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "zeroftp.dll");

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["ZEROFTP__INITIALACCOUNT"] = "",
        ["ZEROFTP__LOG__LEVEL"] = "Warning",
        ["ZEROFTP__TRANSFERLOG__FILE"] = "",
    };

    public static Child Start(string data) => Child.Start("listening on ", "dotnet", ["exec", Program, "serve", "--listen", "127.0.0.1:0", "--no-login-limits", "--data", data], Environment);

    public static async Task<IPEndPoint> AddressAsync(Child server) => IPEndPoint.Parse((await server.Line).Split(' ')[0]);

    /// <summary>Makes the store and the account.</summary>
    public static async Task PrepareAsync(string data)
    {
        string word = Path.GetTempFileName();
        await File.WriteAllTextAsync(word, Client.Password + "\n");
        await Child.RunAsync("bash", ["-c", $"dotnet exec '{Program}' user add {Client.User} --home / --password-stdin --data '{data}' < '{word}'"], Environment);
        File.Delete(word);
    }
}
