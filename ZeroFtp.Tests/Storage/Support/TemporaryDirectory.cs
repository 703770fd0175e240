namespace ZeroFtp.Tests.Storage.Support;

/// <summary>A fresh directory that goes with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("zeroftp-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
