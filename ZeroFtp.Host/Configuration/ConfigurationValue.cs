namespace ZeroFtp.Host.Configuration;

/// <summary>What one layer says of one key: a text, or the items of a list, and where it was said.</summary>
internal sealed record ConfigurationValue(IReadOnlyList<string> Items, bool IsList, string Origin)
{
    public static ConfigurationValue Scalar(string text, string origin) => new([text], false, origin);

    public static ConfigurationValue List(IReadOnlyList<string> items, string origin) => new(items, true, origin);

    /// <summary>A list may also be written as one text with commas, as environment variables have to.</summary>
    public IReadOnlyList<string> AsList() =>
        IsList ? Items : Items[0].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
