using System.Net.Security;
using System.Reflection;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Protocol.Tls;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Security;

public sealed class TlsOptionsTests
{
    private static readonly string[] TheEnginesOwn = [nameof(SslServerAuthenticationOptions.AllowRenegotiation), nameof(SslServerAuthenticationOptions.ApplicationProtocols)];

    public static TheoryData<string> TheDrivers =>
    [
        .. typeof(SslServerAuthenticationOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.CanWrite).Select(static property => property.Name)
            .Except(TheEnginesOwn)
            .Where(static name => OperatingSystem.IsLinux() || name != nameof(SslServerAuthenticationOptions.CipherSuitesPolicy)),
    ];

    /// <summary>Found by reflection, so that what a later runtime adds is not lost in silence.</summary>
    [Theory]
    [MemberData(nameof(TheDrivers))]
    public void What_the_driver_sets_is_kept(string name)
    {
        PropertyInfo property = typeof(SslServerAuthenticationOptions).GetProperty(name)!;
        SslServerAuthenticationOptions given = new();
        object value = OtherThan(property.GetValue(given), property.PropertyType);
        property.SetValue(given, value);

        Assert.Equal(value, property.GetValue(TlsOptions.ForServer(given, isData: false)));
        Assert.Equal(value, property.GetValue(TlsOptions.ForServer(given, isData: true)));
    }

    [Fact]
    public void Renegotiation_and_application_protocols_are_the_engines()
    {
        SslServerAuthenticationOptions given = new() { AllowRenegotiation = true, ApplicationProtocols = [SslApplicationProtocol.Http2] };

        foreach (bool isData in new[] { false, true })
        {
            SslServerAuthenticationOptions options = TlsOptions.ForServer(given, isData);
            Assert.False(options.AllowRenegotiation);
            Assert.Contains(new SslApplicationProtocol("ftp"), options.ApplicationProtocols!);
            Assert.Equal(isData, options.ApplicationProtocols!.Contains(new SslApplicationProtocol("ftp-data")));
        }
        Assert.Equal([SslApplicationProtocol.Http2], given.ApplicationProtocols);
    }

    private static object OtherThan(object? common, Type type)
    {
        if (type == typeof(bool))
            return !(bool)common!;
        if (type == typeof(SslProtocols))
            return SslProtocols.Tls13;
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().First(value => !value.Equals(common));
        if (type == typeof(X509Certificate))
            return TestCertificates.Server;
        if (type == typeof(SslStreamCertificateContext))
            return TestCertificates.ServerOptions().ServerCertificateContext!;
        if (type == typeof(ServerCertificateSelectionCallback))
            return (ServerCertificateSelectionCallback)(static (_, _) => TestCertificates.Server);
        if (type == typeof(RemoteCertificateValidationCallback))
            return (RemoteCertificateValidationCallback)(static (_, _, _, _) => false);
        if (type == typeof(X509ChainPolicy))
            return new X509ChainPolicy();
        if (OperatingSystem.IsLinux() && type == typeof(CipherSuitesPolicy))
            return new CipherSuitesPolicy([TlsCipherSuite.TLS_AES_256_GCM_SHA384]);
        throw new NotSupportedException($"A property of the type {type} is new here: TlsOptions.ForServer and this test have to know it.");
    }
}
