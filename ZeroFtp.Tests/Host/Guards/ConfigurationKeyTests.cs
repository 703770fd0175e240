using System.Reflection;
using System.Runtime.CompilerServices;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Tests.Host.Guards;

/// <summary>What can be set can be configured, and what can be configured is in the manual.</summary>
public sealed class ConfigurationKeyTests
{
    /// <summary>Options whose key is not named after them, or is shared with the command line.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["endPoints"] = "listen",
        ["dataConnections:externalAddress"] = "publicHost",
        ["dataConnections:passivePorts"] = "passivePorts",
        ["storage:dataDirectory"] = "data",
        ["storage:durability"] = "durability",
        ["storage:clientCertificateAuthorities"] = "tls:clientAuthorities",
    };

    /// <summary>Options that take code.</summary>
    private static readonly string[] NotOfTheProgram = ["storage:authenticators"];

    private static readonly HashSet<string> Keys = [.. ConfigurationLoader.AllKeys().Select(key => key.Path)];

    [Fact]
    public void Every_option_of_the_engine_has_a_key() =>
        Assert.All(PathsOf(typeof(FtpServerOptions), ""), path => Assert.True(HasKey(path), path));

    [Fact]
    public void Every_option_of_the_store_has_a_key() =>
        Assert.All(
            PathsOf(typeof(StorageOptions), "storage").Except(NotOfTheProgram),
            path => Assert.True(HasKey(path.Replace("storage:passwords:", "passwords:", StringComparison.Ordinal)), path));

    [Fact]
    public void Every_option_of_the_distributed_store_has_a_key() =>
        Assert.All(
            PathsOf(typeof(DistributedStorageOptions), "storage").Where(path => !path.StartsWith("storage:common", StringComparison.Ordinal)),
            path => Assert.True(HasKey(path), path));

    [Fact]
    public void The_manual_has_the_table_of_keys_that_the_program_prints()
    {
        using StringWriter table = new() { NewLine = "\n" };
        ConfigurationWriter.WriteTable(table, ConfigurationLoader.AllKeys());

        string manual = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "configuration.md"));
        const string Begin = "<!-- keys -->\n";
        int begin = manual.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        Assert.Equal(table.ToString(), manual[begin..manual.IndexOf("<!-- /keys -->", StringComparison.Ordinal)]);
    }

    private static bool HasKey(string path) =>
        Keys.Contains(Renamed.GetValueOrDefault(path, path)) || Keys.Any(key => key.StartsWith(path + ":", StringComparison.Ordinal));

    private static IEnumerable<string> PathsOf(Type type, string prefix)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            string name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            bool isGroup = property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal);
            string path = prefix.Length == 0 ? (isGroup && name == "data" ? "dataConnections" : name) : $"{prefix}:{name}";
            foreach (string below in isGroup ? PathsOf(property.PropertyType, path) : [path])
                yield return below;
        }
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
