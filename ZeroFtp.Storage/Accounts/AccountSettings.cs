using System.Text.Json.Serialization;

namespace ZeroFtp.Storage.Accounts;

/// <summary>The part of an account's row that is stored as JSON: everything that no query needs.</summary>
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

    /// <summary>Changes each time the account is saved. If it is the same as at the last read, neither the row nor its rules have been saved since.</summary>
    public string? Revision { get; set; }
}

/// <summary>Reads and writes <see cref="AccountSettings"/> without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccountSettings))]
internal sealed partial class AccountSettingsJson : JsonSerializerContext;
