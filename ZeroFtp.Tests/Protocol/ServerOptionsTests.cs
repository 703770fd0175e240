using System.Reflection;
using ZeroFtp.Protocol;

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
