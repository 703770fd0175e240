namespace ZeroFtp.Tests.Support.Backends;

/// <summary>
/// The tests of a class need a server that nobody installs for them, which an environment variable names. Without it the class has no tests: <see cref="MissingBackendTests"/> says so in one line, where each of them would
/// be a skipped test of its own.
/// </summary>
/// <param name="variable">The environment variable.</param>
/// <param name="what">What it names, for the reason.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsBackendAttribute(string variable, string what) : Attribute
{
    /// <summary>The environment variable.</summary>
    public string Variable => variable;

    /// <summary>Why the tests are not run.</summary>
    public string Reason => $"{variable} names no {what}.";

    /// <summary>Whether the variable is set.</summary>
    public bool IsNamed => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
