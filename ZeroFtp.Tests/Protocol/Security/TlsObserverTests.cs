using System.Net.Security;
using System.Security.Authentication;
using CsCheck;
using ZeroFtp.Protocol.Tls;
using ZeroFtp.Tests.Protocol.Transfer;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Security;

public sealed class TlsObserverTests
{
    public static TheoryData<SslProtocols> Versions => [SslProtocols.Tls12, SslProtocols.Tls13];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Sees_whether_a_handshake_resumed(SslProtocols version)
    {
        string host = $"observed-{version}.test".ToLowerInvariant();
        List<(bool FromClient, byte[] Octets)> first = await ShakeHandsAsync(version, host, resume: true);
        List<(bool FromClient, byte[] Octets)> second = await ShakeHandsAsync(version, host, resume: true);
        List<(bool FromClient, byte[] Octets)> third = await ShakeHandsAsync(version, host, resume: false);

        TlsObserver fresh = Observe(first), resumed = Observe(second), again = Observe(third);
        Assert.False(fresh.Resumed);
        Assert.True(resumed.Resumed);
        Assert.False(again.Resumed);
        Assert.Equal(version == SslProtocols.Tls13, fresh.IsTls13);
        if (version == SslProtocols.Tls12)
        {
            Assert.NotEmpty(fresh.IssuedSessions);
            Assert.Contains(resumed.OfferedTicket != 0 ? resumed.OfferedTicket : resumed.OfferedSessionId, fresh.IssuedSessions);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Sees_the_same_however_the_octets_are_cut(SslProtocols version)
    {
        string host = $"cut-{version}.test".ToLowerInvariant();
        await ShakeHandsAsync(version, host, resume: true);
        List<(bool FromClient, byte[] Octets)> passed = await ShakeHandsAsync(version, host, resume: true);
        TlsObserver whole = Observe(passed);
        Assert.True(whole.Resumed);
        AssertSame(whole, Observe(passed.SelectMany(static part => Cuts.Single(part.Octets).Select(value => (part.FromClient, value)))));
        Gen.Int[0, 2000].Array[0, 10].Sample(cuts => AssertSame(whole, Observe(passed.SelectMany(part => Cuts.At(part.Octets, cuts).Select(bytes => (part.FromClient, bytes))))), iter: 100);
    }

    [Fact]
    public void Is_sound_for_any_octets() => Gen.Select(Gen.OneOf<byte>(0, 1, 2, 3, 4, 11, 20, 22, 43, 255).Array[0, 300], Gen.Bool).Sample(static (bytes, fromClient) =>
    {
        byte[] hello = [22, 3, 3, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
        TlsObserver observer = Observe([(fromClient, hello), (!fromClient, hello), (fromClient, bytes)]);
        Assert.InRange(observer.IssuedSessions.Count, 0, 100);
    });

    private static void AssertSame(TlsObserver expected, TlsObserver actual)
    {
        Assert.Equal(expected.Resumed, actual.Resumed);
        Assert.Equal(expected.IsTls13, actual.IsTls13);
        Assert.Equal(expected.OfferedTicket, actual.OfferedTicket);
        Assert.Equal(expected.OfferedSessionId, actual.OfferedSessionId);
        Assert.Equal(expected.IssuedSessions, actual.IssuedSessions);
    }

    private static TlsObserver Observe(IEnumerable<(bool FromClient, byte[] Octets)> passed)
    {
        TlsObserver observer = new();
        foreach ((bool fromClient, byte[] bytes) in passed)
        {
            if (fromClient)
                observer.FromClient(bytes);
            else
                observer.FromServer(bytes);
        }
        return observer;
    }

    /// <summary>A real handshake between two SslStreams, with what went over the wire.</summary>
    private static async Task<List<(bool FromClient, byte[] Octets)>> ShakeHandsAsync(SslProtocols version, string host, bool resume)
    {
        (DuplexStream serverEnd, DuplexStream clientEnd) = DuplexStream.CreatePair();
        TapStream tap = new(serverEnd);
        await using SslStream server = new(tap), client = new(clientEnd);
        Task serving = Task.Run(async () =>
        {
            await server.AuthenticateAsServerAsync(TestCertificates.ServerOptions());
            await server.WriteAsync("220 ready\r\n"u8.ToArray());
        });
        await client.AuthenticateAsClientAsync(MemoryClient.ClientOptions(version, host, resume: resume)).WaitAsync(MemoryServer.Patience);
        // TLS 1.3 tickets come with the first data.
        byte[] greeting = new byte[64];
        Assert.True(await client.ReadAsync(greeting.AsMemory()) > 0);
        await serving.WaitAsync(MemoryServer.Patience);
        lock (tap.Passed)
            return [.. tap.Passed];
    }
}
