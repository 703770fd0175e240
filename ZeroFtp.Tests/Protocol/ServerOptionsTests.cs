using System.Reflection;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Tests.Protocol;

public sealed class ServerOptionsTests
{
    [Fact]
    public void The_defaults_are_sound() => Assert.Empty(new FtpServerOptions().Validate());

    /// <summary>The timers of the runtime take 49 days at most, some 24; what is above would throw in the middle of a session.</summary>
    [Theory]
    [InlineData("Data.AcceptTimeout", 24)]
    [InlineData("Data.ConnectTimeout", 24)]
    [InlineData("Tls.HandshakeTimeout", 24)]
    [InlineData("Tls.CloseTimeout", 24)]
    [InlineData("Proxy.HeaderTimeout", 24)]
    [InlineData("Limits.StopGrace", 24)]
    [InlineData("Limits.MaxLoginDelay", 1)]
    public void A_time_that_no_timer_takes_is_a_fault(string name, int mostHours)
    {
        Assert.StartsWith(name + " must be ", Assert.Single(With(name, TimeSpan.FromDays(60)).Validate()), StringComparison.Ordinal);
        Assert.StartsWith(name + " must be ", Assert.Single(With(name, TimeSpan.FromHours(mostHours) + TimeSpan.FromTicks(1)).Validate()), StringComparison.Ordinal);
        Assert.Empty(With(name, TimeSpan.FromHours(mostHours)).Validate());
    }

    [Theory]
    [InlineData("mfmt", "MFMT")]
    [InlineData("XCWD", "CWD")]
    [InlineData("xpwd", "PWD")]
    public void A_verb_to_switch_off_is_known_by_all_its_names_in_any_case(string name, string verb)
    {
        FtpFeatureOptions features = new() { DisabledVerbs = new HashSet<string>(StringComparer.Ordinal) { name } };

        Assert.Equal([verb], features.DisabledVerbs);
        Assert.True(features.DisabledVerbs.Contains(verb.ToLowerInvariant()));
        Assert.Empty(new FtpServerOptions { Features = features }.Validate());
    }

    [Theory]
    [InlineData("MFMTT")]
    [InlineData("")]
    [InlineData("no verb")]
    [InlineData("CHMOD")]
    public void A_verb_to_switch_off_that_there_is_not_is_a_fault(string name)
    {
        FtpServerOptions options = new() { Features = new FtpFeatureOptions { DisabledVerbs = new HashSet<string> { name, "SITE" } } };

        Assert.Equal($"Features.DisabledVerbs must name verbs; there is no '{name}'.", Assert.Single(options.Validate()));
    }

    private static FtpServerOptions With(string name, TimeSpan value)
    {
        string[] parts = name.Split('.');
        PropertyInfo part = typeof(FtpServerOptions).GetProperty(parts[0])!;
        FtpServerOptions options = new();
        object changed = Activator.CreateInstance(part.PropertyType)!;
        part.PropertyType.GetProperty(parts[1])!.SetValue(changed, value);
        part.SetValue(options, changed);
        return options;
    }
}
