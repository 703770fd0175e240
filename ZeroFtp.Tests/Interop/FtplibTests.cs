using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Interop;

public abstract class FtplibTests(InteropServer server) : IDisposable
{
    private const string Script =
        """
        import ftplib, hashlib, io, os, ssl, sys
        port, secure, certificate, user, password = int(sys.argv[1]), sys.argv[2] == 'tls', *sys.argv[3:6]
        if secure:
            context = ssl.create_default_context(cafile=certificate)
            context.check_hostname = False
            ftp = ftplib.FTP_TLS(context=context)
        else:
            ftp = ftplib.FTP()
        ftp.encoding = 'utf-8'
        ftp.connect('127.0.0.1', port, timeout=20)
        ftp.login(user, password)
        if secure:
            ftp.prot_p()
        top = 'py-' + sys.argv[2]
        assert ftp.mkd(top) == '/' + top
        ftp.cwd(top)
        data = os.urandom(2_000_000)
        assert ftp.storbinary('STOR a b.bin', io.BytesIO(data)).startswith('226')
        got = bytearray()
        assert ftp.retrbinary('RETR a b.bin', got.extend).startswith('226')
        assert got == data
        assert ftp.size('a b.bin') == len(data)
        got = bytearray()
        ftp.retrbinary('RETR a b.bin', got.extend, rest=1_999_000)
        assert got == data[1_999_000:]
        ftp.storbinary('STOR part', io.BytesIO(data[:1000]))
        ftp.storbinary('STOR part', io.BytesIO(data[1000:]), rest=1000)
        ftp.storbinary('APPE part', io.BytesIO(b'end'))
        got = bytearray()
        ftp.retrbinary('RETR part', got.extend)
        assert got == data + b'end'
        ftp.storlines('STOR lines', io.BytesIO(b'one\ntwo\n'))
        lines = []
        ftp.retrlines('RETR lines', lines.append)
        assert lines == ['one', 'two']
        assert sorted(ftp.nlst()) == ['a b.bin', 'lines', 'part'], ftp.nlst()
        facts = dict(ftp.mlsd())
        assert facts['part']['size'] == str(len(data) + 3) and facts['part']['type'] == 'file'
        ftp.voidcmd('TYPE I')
        assert ftp.sendcmd('HASH part').split()[3] == hashlib.sha256(data + b'end').hexdigest()
        assert ftp.sendcmd('XCRC lines').startswith('250 ')
        ftp.storbinary('STOR part', io.BytesIO(data * 30))
        sock = ftp.transfercmd('RETR part')
        sock.recv(1000)
        assert ftp.abort().startswith('426')
        sock.close()
        assert ftp.voidresp().startswith('226')
        ftp.rename('part', 'renamed')
        ftp.delete('renamed')
        ftp.delete('lines')
        ftp.delete('a b.bin')
        ftp.cwd('..')
        ftp.rmd(top)
        assert ftp.quit().startswith('221')
        print('done')
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _directory.Dispose();
    }

    [Theory]
    [InlineData("clear")]
    [InlineData("tls")]
    public async Task Everything_that_ftplib_can_do_works(string kind)
    {
        string script = Path.Combine(_directory.Path, "session.py");
        await File.WriteAllTextAsync(script, Script, TestContext.Current.CancellationToken);

        string output = await Client.RunAsync(_directory.Path, "python3", script, $"{server.Port}", kind, server.Certificate, InteropServer.User, InteropServer.Password);

        Assert.Contains("done", output, StringComparison.Ordinal);
    }
}
