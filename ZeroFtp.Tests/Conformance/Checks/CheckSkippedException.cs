namespace ZeroFtp.Conformance.Checks;

/// <summary>The requirement does not apply: something optional is not offered, or the run lacks what the check needs.</summary>
/// <param name="what">What is missing, in the words of <see cref="Context.NeedAsync"/> and of the offers file.</param>
/// <param name="message">Why that is believed.</param>
internal sealed class CheckSkippedException(string what, string message) : Exception(message)
{
    public string What { get; } = what;
}
