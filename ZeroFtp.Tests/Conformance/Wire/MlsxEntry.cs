using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>One line of MLST or MLSD: facts in their order, and the name.</summary>
internal sealed partial record MlsxEntry(IReadOnlyList<(string Name, string Value)> Facts, string Name, string Line)
{
    /// <summary>The value of a fact, whose name is compared without regard to case; null when it was not sent.</summary>
    public string? this[string fact] => Facts.FirstOrDefault(known => string.Equals(known.Name, fact, StringComparison.OrdinalIgnoreCase)).Value;

    public IEnumerable<string> FactNames => Facts.Select(fact => fact.Name);

    /// <summary>Reads a line, without the space in front that MLST has; fails the check when it is not by the grammar.</summary>
    public static MlsxEntry Parse(string line)
    {
        Match match = Grammar().Match(line);
        Verify.That(match.Success, $"not by the grammar of MLSx: {Octets.Show(line)}");
        List<(string, string)> facts = [];
        foreach (string fact in match.Groups[1].Value.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = fact.Split('=', 2);
            facts.Add((sides[0], sides[1]));
        }

        return new(facts, match.Groups[2].Value, line);
    }

    [GeneratedRegex(@"\A((?:[A-Za-z0-9.\-]+=[^; ]*;)*) (.+)\z", RegexOptions.Singleline)]
    private static partial Regex Grammar();
}
