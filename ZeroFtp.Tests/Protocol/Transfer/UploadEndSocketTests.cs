using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Tests.Protocol.Transfer;

/// <summary>What the end of an upload in clear means, over sockets: the order in which both connections end decides, however late the server looks.</summary>
public sealed class UploadEndSocketTests
{
    private const int Runs = 20;
    private static readonly byte[] New = Encoding.ASCII.GetBytes(new string('N', 5000));

    public static TheoryData<string> Paths => ["/up/old", "/up/new"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_client_that_closes_data_and_then_control_is_stored(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The order is known on Linux only.");
        await using UploadEndClient client = await UploadEndClient.StartAsync();
        int prompt = 0, late = 0;
        for (int i = 0; prompt < Runs; i++)
        {
            if (path == "/up/old")
                await client.StoreAsync(path + i, "OLD");
            await client.BeginAsync(path + i);
            long sent = Stopwatch.GetTimestamp();
            client.Data.Send(New);
            client.Data.Close();
            client.Control.Close();
            bool isPrompt = Stopwatch.GetElapsedTime(sent) < SilenceBeforeEnd.Shortest / 2;
            FtpTransferInfo end = await client.EndedAsync();
            // A machine that stopped this client for a moment made the pause of a client that is killed.
            if (!isPrompt)
                continue;
            // Nor does it always see in time what this client sent in time: a kernel that is busy handles the end long after the bytes.
            if (end.UploadEnd == FtpUploadEnd.ControlFirst && ++late <= Runs / 5)
                continue;
            prompt++;
            Assert.Equal((FtpUploadEnd.Closed, true), (end.UploadEnd, end.Succeeded));
            Assert.Equal(5000, client.Content(path + i)!.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_client_whose_control_connection_ends_first_is_interrupted(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The order is known on Linux only.");
        await using UploadEndClient client = await UploadEndClient.StartAsync();
        for (int i = 0; i < Runs; i++)
        {
            if (path == "/up/old")
                await client.StoreAsync(path + i, "OLD");
            await client.BeginAsync(path + i);
            await client.Data.SendAsync(New);
            // Commands before the end do not hide it.
            await client.Control.SendAsync("NOOP\r\nNOOP\r\n"u8.ToArray());
            client.Control.Close();
            client.Data.Close();
            await AssertInterruptedAsync(client, path + i, path == "/up/old" ? 3 : 5000);
        }
    }

    [Fact]
    public async Task A_reset_of_the_control_connection_is_such_an_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The order is known on Linux only.");
        await using UploadEndClient client = await UploadEndClient.StartAsync();
        await client.StoreAsync("/up/old", "OLD");
        await client.BeginAsync("/up/old");
        await client.Data.SendAsync(New);
        client.Control.LingerState = new LingerOption(true, 0);
        client.Control.Close();
        client.Data.Close();
        await AssertInterruptedAsync(client, "/up/old", 3);
    }

    /// <summary>A process that is killed ends its connections in any order, but not behind its last byte. The pause is the client's.</summary>
    [Fact]
    public async Task A_client_that_was_silent_before_both_connections_ended_is_interrupted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The silence is known on Linux only.");
        await using UploadEndClient client = await UploadEndClient.StartAsync();
        await client.StoreAsync("/up/old", "OLD");
        await client.BeginAsync("/up/old");
        await client.Data.SendAsync(New);
        await Task.Delay(SilenceBeforeEnd.Shortest * 3, TestContext.Current.CancellationToken);
        client.Data.Close();
        client.Control.Close();
        await AssertInterruptedAsync(client, "/up/old", 3);
    }

    /// <summary>One that was silent and stays is none of those.</summary>
    [Fact]
    public async Task A_client_that_pauses_before_it_ends_its_data_and_stays_is_stored()
    {
        await using UploadEndClient client = await UploadEndClient.StartAsync();
        await client.BeginAsync("/up/old");
        await client.Data.SendAsync(New);
        await Task.Delay(SilenceBeforeEnd.Shortest * 3, TestContext.Current.CancellationToken);
        client.Data.Close();
        FtpTransferInfo end = await client.EndedAsync();
        Assert.Equal((FtpUploadEnd.Closed, true), (end.UploadEnd, end.Succeeded));
    }

    [Fact]
    public async Task QUIT_before_the_end_of_control_leaves_it_to_the_data()
    {
        await using UploadEndClient client = await UploadEndClient.StartAsync();
        for (int i = 0; i < Runs; i++)
        {
            await client.BeginAsync("/up/x");
            await client.Data.SendAsync(New);
            await client.Control.SendAsync("NOOP\r\nQUIT\r\n"u8.ToArray());
            client.Control.Close();
            client.Data.Close();
            FtpTransferInfo end = await client.EndedAsync();
            Assert.Equal((FtpUploadEnd.Closed, true), (end.UploadEnd, end.Succeeded));
        }
    }

    [Fact]
    public async Task A_reset_of_the_data_connection_is_an_interruption()
    {
        await using UploadEndClient client = await UploadEndClient.StartAsync();
        await client.StoreAsync("/up/old", "OLD");
        await client.BeginAsync("/up/old");
        await client.Data.SendAsync(New);
        client.Data.LingerState = new LingerOption(true, 0);
        client.Data.Close();
        FtpTransferInfo end = await client.EndedAsync();
        Assert.Equal((FtpUploadEnd.Reset, 426), (end.UploadEnd, end.ReplyCode));
        Assert.Equal("OLD", client.Content("/up/old"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trust_in_the_end_of_the_data_stores_all_the_same(bool byAccount)
    {
        await using UploadEndClient client = await UploadEndClient.StartAsync(
            new FtpDataOptions { TrustEndOfData = !byAccount }, byAccount ? new UserLimits { TrustEndOfData = true } : UserLimits.None);
        await client.BeginAsync("/up/x");
        await client.Data.SendAsync(New);
        client.Control.Close();
        await client.Data.SendAsync(New);
        client.Data.Close();
        FtpTransferInfo end = await client.EndedAsync();
        Assert.True(end.Succeeded);
        Assert.Equal(10_000, client.Content("/up/x")!.Length);
    }

    [Fact]
    public async Task The_account_is_asked_before_the_server()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The order is known on Linux only.");
        await using UploadEndClient client = await UploadEndClient.StartAsync(new FtpDataOptions { TrustEndOfData = true }, new UserLimits { TrustEndOfData = false });
        await client.BeginAsync("/up/x");
        await client.Data.SendAsync(New);
        client.Control.Close();
        client.Data.Close();
        await AssertInterruptedAsync(client, "/up/x", 5000);
    }

    private static async Task AssertInterruptedAsync(UploadEndClient client, string path, int length)
    {
        FtpTransferInfo end = await client.EndedAsync();
        Assert.Equal((FtpUploadEnd.ControlFirst, 0, length == New.Length), (end.UploadEnd, end.ReplyCode, end.LeftPartial));
        Assert.Equal(length, client.Content(path)!.Length);
    }
}
