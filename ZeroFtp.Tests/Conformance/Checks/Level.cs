namespace ZeroFtp.Conformance.Checks;

/// <summary>The levels of the requirements, spelled as the requirements spell them.</summary>
internal static class Level
{
    public const string Must = "MUST";
    public const string MustNot = "MUST NOT";
    public const string Should = "SHOULD";
    public const string ShouldNot = "SHOULD NOT";
    public const string May = "MAY";
    public const string DeFacto = "de-facto";
    public const string DeFactoOptional = "de-facto, optional";
    public const string Choice = "choice";
}
