using System.Diagnostics.CodeAnalysis;

namespace ZeroFtp.Conformance.Checks;

/// <summary>Leaves a check whose requirement does not apply to this server or run.</summary>
internal static class Skip
{
    /// <param name="condition">What must hold for the requirement to apply.</param>
    /// <param name="what">What is missing, as the offers file would name it.</param>
    /// <param name="why">Why that is believed.</param>
    public static void Unless([DoesNotReturnIf(false)] bool condition, string what, string why)
    {
        if (!condition)
            throw new CheckSkippedException(what, why);
    }
}
