namespace ZeroFtp.Conformance.Wire;

/// <summary>A login, with the answer to ACCT where the server asks for one.</summary>
internal sealed record Account(string Name, string Password, string? Acct = null);
