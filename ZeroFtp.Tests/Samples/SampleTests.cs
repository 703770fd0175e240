using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Samples;

/// <summary>The samples, run as programs and used by clients that are not ours.</summary>
public sealed class SampleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_worker_serves_a_directory_to_read()
    {
        using TemporaryDirectory directory = new();
        byte[] content = [.. Enumerable.Range(0, 300_000).Select(static i => (byte)(i * 7))];
        foreach (string name in (string[])["sub", "ä", "a", "Z", "m"])
            Directory.CreateDirectory(Path.Combine(directory.Path, name));
        await File.WriteAllBytesAsync(Path.Combine(directory.Path, "sub", "data.bin"), content, Cancelled);
        File.CreateSymbolicLink(Path.Combine(directory.Path, "way-out"), "/etc/hostname");
        await using ZeroFtpProgram program = ZeroFtpProgram.StartSample("ZeroFtp.Samples.Worker", directory.Path, "--listen", "127.0.0.1:0", "--directory", directory.Path);
        IPEndPoint address = IPEndPoint.Parse(await program.WaitForLineAsync("listening on "));

        Assert.Equal(content, await RequestAsync(address, WebRequestMethods.Ftp.DownloadFile, "/sub/data.bin"));
        Assert.Equal("Z\r\na\r\nm\r\nsub\r\nä\r\n", System.Text.Encoding.UTF8.GetString(await RequestAsync(address, WebRequestMethods.Ftp.ListDirectory, "/")));
        WebException refused = await Assert.ThrowsAsync<WebException>(() => RequestAsync(address, WebRequestMethods.Ftp.UploadFile, "/x", content: content));
        Assert.Equal(FtpStatusCode.ActionNotTakenFileUnavailable, ((FtpWebResponse)refused.Response!).StatusCode);
        await Assert.ThrowsAsync<WebException>(() => RequestAsync(address, WebRequestMethods.Ftp.DownloadFile, "/way-out"));
        program.Terminate();
        Assert.Equal(0, await program.WaitForExitAsync());
    }

    [Fact]
    public async Task Kestrel_accepts_connections_that_the_engine_serves()
    {
        using TemporaryDirectory directory = new();
        byte[] content = [.. Enumerable.Range(0, 300_000).Select(static i => (byte)(i * 11))];
        await using ZeroFtpProgram program = ZeroFtpProgram.StartSample("ZeroFtp.Samples.AspNetCore", directory.Path, "--ftp", "127.0.0.1:0", "--http", "127.0.0.1:0");
        IPEndPoint ftp = IPEndPoint.Parse(await program.WaitForLineAsync("ftp on "));
        using HttpClient http = new() { BaseAddress = new Uri("http://" + await program.WaitForLineAsync("http on ")) };

        foreach (string name in (string[])["sub", "a", "Z", "m"])
            await RequestAsync(ftp, WebRequestMethods.Ftp.UploadFile, "/" + name, "demo", content);
        Assert.Equal("Z\r\na\r\nm\r\nsub\r\n", System.Text.Encoding.UTF8.GetString(await RequestAsync(ftp, WebRequestMethods.Ftp.ListDirectory, "/", "demo")));
        foreach (string name in (string[])["sub", "a", "Z", "m"])
            await RequestAsync(ftp, WebRequestMethods.Ftp.DeleteFile, "/" + name, "demo");
        await RequestAsync(ftp, WebRequestMethods.Ftp.UploadFile, "/up.bin", "demo", content);
        Assert.Equal(content, await RequestAsync(ftp, WebRequestMethods.Ftp.DownloadFile, "/up.bin", "demo"));
        Assert.Equal("""[{"name":"up.bin","size":300000}]""", await http.GetStringAsync("/files", Cancelled));

        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(ftp, "demo", "demo");
        JsonElement[] sessions = (await http.GetFromJsonAsync<JsonElement[]>("/sessions", Cancelled))!;
        JsonElement session = Assert.Single(sessions, static session => session.GetProperty("user").GetString() == "demo" && session.GetProperty("bytesReceived").GetInt64() == 0);
        HttpResponseMessage kicked = await http.DeleteAsync($"/sessions/{session.GetProperty("id").GetInt64()}", Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, kicked.StatusCode);
        await Assert.ThrowsAsync<IOException>(() => client.SendAsync("NOOP", '2'));
        program.Terminate();
        Assert.Equal(0, await program.WaitForExitAsync());
    }

    private static async Task<byte[]> RequestAsync(IPEndPoint address, string method, string path, string user = "anonymous", byte[]? content = null)
    {
#pragma warning disable SYSLIB0014 // Old as it is, it is the client that every .NET program has.
        FtpWebRequest request = (FtpWebRequest)WebRequest.Create(new Uri($"ftp://{address}{path}"));
#pragma warning restore SYSLIB0014
        request.Method = method;
        request.Credentials = new NetworkCredential(user, user == "anonymous" ? "me@example.com" : user);
        request.KeepAlive = false;
        request.Proxy = null;
        if (content is not null)
        {
            await using Stream upload = await request.GetRequestStreamAsync().WithinAsync("an upload begins");
            await upload.WriteAsync(content).AsTask().WithinAsync("the upload is taken");
        }
        using WebResponse response = await request.GetResponseAsync().WithinAsync($"the response to {method}");
        MemoryStream received = new();
        await response.GetResponseStream().CopyToAsync(received).WithinAsync($"the end of {method}");
        return received.ToArray();
    }
}
