using System.Text.Json.Serialization;

namespace ZeroFtp.Storage.Accounts;

/// <summary>What an account's row keeps as JSON: everything that no query asks for.</summary>
internal sealed record AccountSettings
{
    public static AccountSettings None { get; } = new();

    public bool RequiresTls { get; set; }

    public bool RequiresDataTls { get; set; }

    public bool TrustsEndOfData { get; set; }

    public string? AccountCode { get; set; }

    public string? StoringCode { get; set; }

    public IReadOnlyList<string> Certificates { get; set; } = [];

    public bool AllowsNoPassword { get; set; }

    public IReadOnlyList<string> Hosts { get; set; } = [];

    public int? MaxSessions { get; set; }

    public double? IdleSeconds { get; set; }

    public bool? AllowFxp { get; set; }

    public string StartDirectory { get; set; } = "/";

    /// <summary>Another one each time that the account is saved: a row whose settings are the same has not been saved since it was read, nor have its rules.</summary>
    public string? Revision { get; set; }
}

/// <summary>Reads and writes <see cref="AccountSettings"/> without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccountSettings))]
internal sealed partial class AccountSettingsJson : JsonSerializerContext;
