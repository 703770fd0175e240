using System.Net;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Protocol.Data;

/// <summary>Which ports are told to clients if the operator names none.</summary>
public sealed class PassivePortTests
{
    [Fact]
    public void They_are_of_all_that_the_system_gives_away()
    {
        SocketDataTransport transport = new(new FtpDataOptions(), TimeSpan.Zero);
        List<int> ports = [];
        for (int i = 0; i < 400; i++)
        {
            using IPassivePort port = transport.Listen(IPAddress.Loopback)!;
            ports.Add(port.Port);
        }
        (int first, int last) = EphemeralPorts.Read("/proc/sys/net/ipv4/ip_local_port_range");
        int range = last - first;
        Assert.InRange(ports.Min(), first, last);
        Assert.InRange(ports.Max(), first, last);
        // Odd and even ones, and of the whole range: a system that looks for a free one by itself begins with those of one kind in one half.
        Assert.InRange(ports.Count(static port => port % 2 == 0), 120, 280);
        Assert.InRange(ports.Count(port => port < first + (range / 2)), 120, 280);
        Assert.InRange(ports.Distinct().Count(), 350, 400);
    }

    [Theory]
    [InlineData("32768\t60999\n", 32_768, 60_999)]
    [InlineData("", 49_152, 65_535)]
    [InlineData("1\t80", 49_152, 65_535)]
    [InlineData("60999 32768", 49_152, 65_535)]
    [InlineData("x y", 49_152, 65_535)]
    [InlineData(null, 49_152, 65_535)]
    public void The_range_is_the_systems_or_the_standards(string? content, int first, int last)
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "range");
        if (content is not null)
            File.WriteAllText(path, content);
        Assert.Equal((first, last), EphemeralPorts.Read(path));
    }
}
