namespace ZeroFtp.Conformance.Checks;

/// <summary>The server did not do what the requirement says.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
