using System.Text;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Data;

/// <summary>The end of a data connection: it loses nothing that was sent, and keeps nobody.</summary>
public sealed class DataClosingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>After a download under TLS the server waits for the client's close_notify; ABOR, an operator, and the client's leaving end the wait. The clock stands still here.</summary>
    [Theory]
    [InlineData("ABOR")]
    [InlineData("kick")]
    [InlineData("hangup")]
    public async Task The_wait_for_the_end_of_TLS_can_be_ended(string by)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync(protectData: true);
        await client.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR docs/a.txt", 150);
        MemoryStream content = new();
        Stream stream = await data.Stream;
        await Task.Run(() => stream.CopyToAsync(content, Cancelled), Cancelled).WaitAsync(MemoryServer.Patience, Cancelled);
        Assert.Equal("hello\nworld\n", Encoding.Latin1.GetString(content.ToArray()));
        switch (by)
        {
            case "ABOR":
                await client.WriteAsync("ABOR\r\n");
                await client.ExpectAsync(226);
                await client.ExpectAsync(226);
                break;
            case "kick":
                await Task.Run(() => server.Ftp.Kick(server.Ftp.Sessions.Single().Id), Cancelled);
                await client.ExpectAsync(226);
                await client.ExpectAsync(421);
                break;
            case "hangup":
                await Task.Run(client.DisposeAsync, Cancelled);
                await server.WaitAsync(client.Serving);
                break;
        }
    }
}
