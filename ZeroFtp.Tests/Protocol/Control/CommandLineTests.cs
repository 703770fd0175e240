using System.Text;
using CsCheck;
using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Tests.Protocol.Control;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("NOOP", "NOOP", "")]
    [InlineData("retr a b", "retr", "a b")]
    [InlineData("RETR  a", "RETR", " a")]
    [InlineData("RETR ", "RETR", "")]
    [InlineData(" RETR", "", "RETR")]
    public void Splits_at_the_first_space(string line, string verb, string argument)
    {
        CommandLine command = CommandLine.Split(Encoding.Latin1.GetBytes(line));
        Assert.Equal(verb, Encoding.Latin1.GetString(command.Verb));
        Assert.Equal(argument, Encoding.Latin1.GetString(command.Argument));
    }

    [Fact]
    public void Finds_every_verb_whatever_its_case() => Assert.All(
        Verbs.All.SelectMany(static verb => verb.Aliases.Prepend(verb.Name).Select(name => (name, verb))),
        static pair =>
        {
            Assert.Same(pair.verb, Verbs.Find(CommandLine.KeyOf(pair.name)));
            Assert.Same(pair.verb, Verbs.Find(CommandLine.KeyOf(pair.name.ToLowerInvariant())));
        });

    [Fact]
    public void Keys_of_different_verbs_differ() => Gen.Select(Gen.String[Gen.Char['0', 'z'], 0, 9], Gen.String[Gen.Char['0', 'z'], 0, 9]).Sample(static pair =>
    {
        (string left, string right) = pair;
        ulong key = CommandLine.KeyOf(left);
        bool isVerb = left.Length is > 0 and <= 8 && left.All(char.IsAsciiLetterOrDigit);
        Assert.Equal(isVerb, key != 0);
        if (isVerb && key == CommandLine.KeyOf(right))
            Assert.Equal(left.ToUpperInvariant(), right.ToUpperInvariant());
    });

    [Fact]
    public void A_shown_verb_is_short_and_printable() => Gen.Byte.Array[0, 100].Sample(static bytes =>
    {
        string shown = CommandLine.Split(bytes).PrintableVerb;
        Assert.InRange(shown.Length, 0, 32);
        Assert.DoesNotContain(shown, static c => c is <= ' ' or > '~');
    });
}
