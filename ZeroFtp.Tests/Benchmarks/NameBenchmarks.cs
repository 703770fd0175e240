using System.Text;
using BenchmarkDotNet.Attributes;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Benchmarks;

/// <summary>Names, paths and times, as every command with a pathname needs them.</summary>
[MemoryDiagnoser]
public class NameBenchmarks
{
    private static readonly byte[] Ascii = "some/directory/with a file.txt"u8.ToArray();
    private static readonly byte[] Utf8 = Encoding.UTF8.GetBytes("ein/Verzeichnis/für schöne Sätze.txt");
    private static readonly byte[] Raw = [.. "caf"u8, 0xE9, .. "/"u8, 0xFF, .. "menu.txt"u8];
    private static readonly FtpPath Directory = FtpPath.Parse("/home/alice");
    private readonly byte[] _buffer = new byte[128];

    [Benchmark]
    public string DecodeAscii() => FtpText.Decode(Ascii);

    [Benchmark]
    public string DecodeUtf8() => FtpText.Decode(Utf8);

    [Benchmark]
    public string DecodeRaw() => FtpText.Decode(Raw);

    [Benchmark]
    public int Encode() => FtpText.Encode("some/directory/with a file.txt", _buffer);

    [Benchmark]
    public FtpPath ResolveRelative() => Directory.TryResolve("docs/../up/file.txt", out FtpPath path) ? path : default;

    [Benchmark]
    public FtpPath ResolveAbsolute() => Directory.TryResolve("/home/alice/up/file.txt", out FtpPath path) ? path : default;

    [Benchmark]
    public void FormatTime() => FtpTime.Format(new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc), _buffer);

    [Benchmark]
    public bool ParseTime() => FtpTime.TryParse("20200102030405", out _);
}
