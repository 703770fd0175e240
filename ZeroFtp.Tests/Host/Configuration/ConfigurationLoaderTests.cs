using System.Collections;
using System.Net;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Host.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_anything_the_defaults_hold()
    {
        HostConfiguration configuration = Load("{}").Configuration;

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 2121), Assert.Single(configuration.Server.EndPoints).Address);
        Assert.Equal("zeroftp-data", configuration.Storage.DataDirectory);
        Assert.Equal("zeroftp-data/log/transfers.log", configuration.TransferLog.File);
        Assert.Null(configuration.Metrics);
        Assert.Null(configuration.Tls.Default);
    }

    [Theory]
    [InlineData("embedded", null, 60)]
    [InlineData("distributed", null, 600)]
    [InlineData("distributed", "0s", 0)]
    [InlineData("embedded", "5m", 300)]
    public void Garbage_waits_longer_where_several_clocks_are_about(string kind, string? given, int seconds)
    {
        Hashtable environment = new() { ["ZEROFTP__STORAGE__KIND"] = kind, ["ZEROFTP__STORAGE__GARBAGEGRACE"] = given };
        if (given is null)
            environment.Remove("ZEROFTP__STORAGE__GARBAGEGRACE");
        if (kind == "distributed")
        {
            environment["ZEROFTP__STORAGE__METADATA__CONNECTIONSTRING"] = "Host=127.0.0.1";
            environment["ZEROFTP__STORAGE__ZEROSTOR__DAEMONS"] = "http://127.0.0.1:9";
        }

        Assert.Equal(TimeSpan.FromSeconds(seconds), Load("{}", environment).Configuration.Storage.GarbageGrace);
    }

    [Fact]
    public void Shards_of_0_db_are_used_directly_once_they_are_given()
    {
        const string File = """
            { "storage": { "kind": "distributed", "metadata": { "connectionString": "Host=127.0.0.1" }, "zeroStor": { "callTimeout": "7s", "direct": {
              "shards": ["ns@127.0.0.1:1", "ns@127.0.0.1:2", "ns@[::1]:3", "ns@127.0.0.1:4"], "password": "p", "dataParts": 2, "parityParts": 1, "blockBytes": "256KiB",
              "compression": "lz4", "encryptionKey": "0123456789abcdef", "hash": "sha_512", "hashKey": "k", "minimumParts": 2, "connectionsPerShard": 3,
              "maxBlocksInFlight": 5, "hedgeReadsAfter": "40ms" } } } }
            """;
        ZeroStorOptions options = Load(File).Configuration.Distributed!.ZeroStor;

        Assert.Empty(options.Daemons);
        Assert.Equal(TimeSpan.FromSeconds(7), options.CallTimeout);
        ZeroStorDirectOptions direct = options.Direct!;
        Assert.Equal(["ns@127.0.0.1:1", "ns@127.0.0.1:2", "ns@[::1]:3", "ns@127.0.0.1:4"], direct.Shards);
        Assert.Equivalent(
            new ZeroStorDirectOptions
            {
                Shards = direct.Shards, Password = "p", DataParts = 2, ParityParts = 1, BlockBytes = 256 << 10,
                Compression = "lz4", EncryptionKey = "0123456789abcdef", Hash = "sha_512",
                HashKey = "k", MinimumParts = 2, ConnectionsPerShard = 3, MaxBlocksInFlight = 5, HedgeReadsAfter = TimeSpan.FromMilliseconds(40),
            },
            direct,
            strict: true);
    }

    [Theory]
    [InlineData("shards", "ns@127.0.0.1:1", "shards: must be at least 2, not 1")]
    [InlineData("shards", "127.0.0.1:1", "shards: must be namespace@host:port, not '127.0.0.1:1'")]
    [InlineData("compression", "zip", "compression: must be one of none, snappy, lz4, gzip, not 'zip'")]
    [InlineData("hash", "md5", "hash: must be one of")]
    [InlineData("encryptionKey", "hush-hush", "encryptionKey: must have 16, 24 or 32 bytes")]
    [InlineData("blockBytes", "9MiB", "blockBytes: must be at most 8304722")]
    [InlineData("minimumParts", "3", "minimumParts: must be between 1 and 2")]
    [InlineData("hedgeReadsAfter", "0s", "hedgeReadsAfter: must be above 0")]
    public void A_fault_of_direct_access_is_told_under_its_key_and_tells_no_secret(string key, string value, string fault)
    {
        Hashtable environment = new()
        {
            ["ZEROFTP__STORAGE__KIND"] = "distributed",
            ["ZEROFTP__STORAGE__METADATA__CONNECTIONSTRING"] = "Host=127.0.0.1",
            ["ZEROFTP__STORAGE__ZEROSTOR__DIRECT__SHARDS"] = "ns@127.0.0.1:1,ns@127.0.0.1:2",
            ["ZEROFTP__STORAGE__ZEROSTOR__DIRECT__DATAPARTS"] = "2",
        };
        environment["ZEROFTP__STORAGE__ZEROSTOR__DIRECT__" + key.ToUpperInvariant()] = value;
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => Load("{}", environment));

        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_are_refused_for_an_embedded_store()
    {
        const string File = """{ "storage": { "zeroStor": { "direct": { "shards": ["ns@127.0.0.1:1"] } } } }""";
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => Load(File));
        Assert.Contains("storage:kind", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_overrules_the_file_and_the_command_line_both()
    {
        const string File = """{ "serverName": "file", "publicHost": "file.example", "durability": "relaxed", "limits": { "maxSessions": 11 } }""";
        Hashtable environment = new() { ["ZEROFTP__PUBLICHOST"] = "env.example", ["ZEROFTP__DURABILITY"] = "full", ["ZEROFTP__LIMITS__MAXSESSIONS"] = "22" };
        ConfigurationLayer commandLine = new();
        commandLine.Set("limits:maxSessions", ConfigurationValue.Scalar("33", "--set"));

        HostConfiguration configuration = Load(File, environment, commandLine).Configuration;

        Assert.Equal("file", configuration.Server.ServerName);
        Assert.Equal("env.example", configuration.PublicHost);
        Assert.Equal(ZeroFtp.Storage.Objects.Durability.Full, configuration.Storage.Durability);
        Assert.Equal(33, configuration.Server.Limits.MaxSessions);
    }

    [Fact]
    public void A_list_of_a_higher_layer_replaces_the_lower_one_as_a_whole()
    {
        Hashtable environment = new() { ["ZEROFTP__LISTEN"] = "127.0.0.2:1" };

        HostConfiguration configuration = Load("""{ "listen": ["127.0.0.1:1", "127.0.0.1:2", "[::1]:3"] }""", environment).Configuration;

        Assert.Equal(["127.0.0.2:1"], configuration.Server.EndPoints.Select(endPoint => endPoint.Address.ToString()));
    }

    [Fact]
    public void A_list_in_the_environment_may_be_numbered()
    {
        Hashtable environment = new() { ["ZEROFTP__LISTEN__1"] = "127.0.0.1:2", ["ZEROFTP__LISTEN__0"] = "127.0.0.1:1", ["ZEROFTP__LISTEN__10"] = "127.0.0.1:3" };

        HostConfiguration configuration = Load("{}", environment).Configuration;

        Assert.Equal([1, 2, 3], configuration.Server.EndPoints.Select(endPoint => endPoint.Address.Port));
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_its_key_and_where_it_comes_from()
    {
        const string File = """
            {
              "limits": { "idleTimeout": "soon", "maxSessions": -1, "loginDelay": "1m" }, // the last is above maxLoginDelay
              "tls": { "policy": "maybe", "key": "k.pem" },
              "listen": ["1.2.3.4:5", "nowhere"],
              "proxy": true,
            }
            """;
        Hashtable environment = new() { ["ZEROFTP__PASSIVEPORTS"] = "9-1" };

        ConfigurationException thrown = Assert.Throws<ConfigurationException>(() => Load(File, environment));

        Assert.Equal(
            ["limits:idleTimeout", "limits:loginDelay", "limits:maxSessions", "listen", "passivePorts", "proxy", "tls:key", "tls:policy"],
            thrown.Faults.Select(fault => fault.Key).Order(StringComparer.Ordinal));
        Assert.Equal("environment ZEROFTP__PASSIVEPORTS", thrown.Faults.Single(fault => fault.Key == "passivePorts").Origin);
        Assert.Contains("not 'nowhere'", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dataConnections:allowPassive", "and dataConnections:allowActive must not both be off", "dataConnections:allowPassive=false", "dataConnections:allowActive=false")]
    [InlineData("limits:loginDelay", "must not be negative nor above limits:maxLoginDelay", "limits:loginDelay=10s", "limits:maxLoginDelay=5s")]
    public void A_fault_names_keys_and_no_properties(string key, string message, params string[] set)
    {
        Dictionary<string, object> groups = set.GroupBy(pair => pair.Split(':')[0]).ToDictionary(group => group.Key, group => (object)group.ToDictionary(pair => pair.Split(':', '=')[1], pair => pair.Split('=')[1]));
        ConfigurationException thrown = Assert.Throws<ConfigurationException>(() => Load(System.Text.Json.JsonSerializer.Serialize(groups)));
        Assert.Equal((key, message), thrown.Faults.Select(fault => (fault.Key, fault.Message)).Single());
    }

    [Fact]
    public void An_unknown_key_is_a_fault_and_the_likely_one_is_offered()
    {
        ConfigurationException thrown = Assert.Throws<ConfigurationException>(() => Load("""{ "limits": { "idleTimeuot": "5m" }, "zzz": { "yyy": 1 } }"""));

        Assert.Equal("unknown key; did you mean limits:idleTimeout?", thrown.Faults.Single(fault => fault.Key == "limits:idleTimeuot").Message);
        Assert.Equal("unknown key", thrown.Faults.Single(fault => fault.Key == "zzz:yyy").Message);
        Assert.Equal(2, thrown.Faults.Count);
    }

    [Theory]
    [InlineData("{", "not JSON at line 1")]
    [InlineData("[]", "one JSON object")]
    [InlineData("""{ "data": "a", "DATA": "b" }""", "given twice")]
    [InlineData("""{ "listen": [["a"]] }""", "only texts and numbers")]
    [InlineData("""{ "data": ["a"] }""", "a list is not expected")]
    [InlineData("""{ "data": "a\u0007b" }""", "without control characters")]
    public void A_file_that_is_not_right_is_refused(string json, string reason)
    {
        ConfigurationException thrown = Assert.Throws<ConfigurationException>(() => Load(json));

        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_named_must_be_there()
    {
        ConfigurationSources sources = new(Path.Combine(_directory.Path, "none.json"), new ConfigurationLayer());

        ConfigurationException thrown = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(sources, new Hashtable()));

        Assert.Contains("cannot be read", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_are_bound_by_name()
    {
        const string File = """{ "tls": { "names": { "ftp.example.org": { "certificate": "a.pem" }, "*.example.net": { "certificate": "b.pfx", "password": "s3cret" } } } }""";

        HostConfiguration configuration = Load(File).Configuration;

        Assert.Equal("a.pem", configuration.Tls.Names["FTP.example.org"].Certificate);
        Assert.Equal("s3cret", configuration.Tls.Names["*.example.net"].Password);
    }

    [Theory]
    [InlineData("dataConnections:acceptTimeout")]
    [InlineData("dataConnections:connectTimeout")]
    [InlineData("tls:handshakeTimeout")]
    [InlineData("tls:closeTimeout")]
    [InlineData("proxy:headerTimeout")]
    [InlineData("limits:stopGrace")]
    [InlineData("limits:maxLoginDelay")]
    public void A_time_that_no_timer_takes_is_a_fault_of_its_key(string key)
    {
        string[] parts = key.Split(':');
        ConfigurationException thrown = Assert.Throws<ConfigurationException>(() => Load($$"""{ "{{parts[0]}}": { "{{parts[1]}}": "60d" } }"""));

        ConfigurationFault fault = Assert.Single(thrown.Faults);
        Assert.Equal(key, fault.Key);
        Assert.StartsWith("must be ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("zeroftp.json", fault.Origin, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "serverName": "\ud800" }""")]
    [InlineData("""{ "greeting": ["x", "\udc00"] }""")]
    [InlineData("""{ "\ud800": 1 }""")]
    [InlineData("""{ "\ud800": { "x": 1 } }""")]
    public void Half_a_character_is_a_fault_of_the_file(string json)
    {
        ConfigurationFault fault = Assert.Single(Assert.Throws<ConfigurationException>(() => Load(json)).Faults);

        Assert.EndsWith("zeroftp.json", fault.Key, StringComparison.Ordinal);
        Assert.Contains("UTF-16", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_can_be_given_back_and_keeps_no_secret()
    {
        LoadedConfiguration loaded = Load("""{ "tls": { "certificate": "a.pfx", "password": "s3cret" }, "listen": [], "listenImplicit": ["*:990"], "limits": { "idleTimeout": 90 } }""");
        using StringWriter shown = new();
        ConfigurationWriter.WriteJson(shown, loaded.Keys);
        using StringWriter origins = new();
        ConfigurationWriter.WriteOrigins(origins, loaded.Keys);

        Assert.DoesNotContain("s3cret", shown.ToString() + origins, StringComparison.Ordinal);
        Assert.Contains("\"idleTimeout\": \"90s\"", shown.ToString(), StringComparison.Ordinal);
        LoadedConfiguration again = Load(shown.ToString());
        Assert.Equal(loaded.Keys.Select(key => (key.Path, string.Join('|', key.Shown))), again.Keys.Select(key => (key.Path, string.Join('|', key.Shown))));
    }

    [Fact]
    public void Without_login_limits_nothing_slows_or_closes_a_login()
    {
        HostConfiguration configuration = Load("""{ "noLoginLimits": true, "limits": { "maxSessions": 77 } }""").Configuration;

        Assert.Equal(0, configuration.Server.Limits.MaxLoginFailures);
        Assert.Equal(0, configuration.Server.Limits.MaxLoginFailuresPerAddress);
        Assert.Equal(TimeSpan.Zero, configuration.Server.Limits.LoginDelay);
        Assert.Equal(77, configuration.Server.Limits.MaxSessionsPerAddress);
    }

    private LoadedConfiguration Load(string json, Hashtable? environment = null, ConfigurationLayer? commandLine = null)
    {
        string path = Path.Combine(_directory.Path, "zeroftp.json");
        File.WriteAllText(path, json);
        return ConfigurationLoader.Load(new ConfigurationSources(path, commandLine ?? new ConfigurationLayer()), environment ?? []);
    }
}
