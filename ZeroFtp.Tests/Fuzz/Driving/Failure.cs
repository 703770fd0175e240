namespace ZeroFtp.Fuzz.Driving;

/// <summary>An input that shows a defect.</summary>
/// <param name="Input">The octets.</param>
/// <param name="Message">What happened.</param>
public sealed record Failure(byte[] Input, string Message)
{
    /// <summary>For people.</summary>
    public override string ToString() => $"{Message} [{Convert.ToHexString(Input)}]";
}
