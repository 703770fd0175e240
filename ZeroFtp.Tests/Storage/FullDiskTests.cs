using System.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Maintenance;
using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Support;
using static ZeroFtp.Tests.Storage.Support.DriverCalls;

namespace ZeroFtp.Tests.Storage;

/// <summary>A disk that has no byte left, made of memory: whoever may delete can help himself.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StorageOptions Options => new()
    {
        DataDirectory = Path.Combine(_directory.Path, "data"),
        GarbageGrace = TimeSpan.Zero,
        CollectInterval = Timeout.InfiniteTimeSpan,
        ScrubInterval = Timeout.InfiniteTimeSpan,
        FreeSpaceFloorBytes = 0,
        ReserveBytes = 4 << 20,
        Passwords = new PasswordOptions { Pbkdf2Iterations = 1_000 },
    };

    public void Dispose()
    {
        Run("umount", _directory.Path);
        _directory.Dispose();
    }

    [Fact]
    public async Task Deleting_and_replacing_by_less_work_on_a_full_disk()
    {
        MountSmallDisk();
        await using (EmbeddedStorage storage = await OpenAsync())
        {
            IClientHandlingDriver driver = await LoginAsync(storage);
            await driver.MakeAsync("/d");
            int count = await FillAsync(driver);
            await FailsAsync(FtpError.InsufficientStorage, () => driver.PutAsync("/young", Octets.Make(10)));
            await FailsAsync(FtpError.InsufficientStorage, () => driver.PutAsync("/f0", Octets.Make(3_000_000)));
            await driver.RemoveDirectoryAsync(At("/d"), Token);
            await driver.PutAsync("/f0", Octets.Make(1_000_000, 7));
            Assert.Equal(Octets.Make(1_000_000, 7), await driver.GetAsync("/f0"));
            // Far more than the log of the database has room for.
            for (int i = 1; i < count; i++)
                await driver.DeleteFileAsync(At($"/f{i}"), Token);
            await storage.CollectAsync(Token);
            await driver.PutAsync("/young", Octets.Make(1_000_000));
        }
        await using EmbeddedStorage again = await OpenAsync();
        Assert.True((await again.CheckAsync(new CheckOptions(), Token)).IsClean);
    }

    [Fact]
    public async Task A_server_starts_on_a_full_disk_and_can_delete()
    {
        MountSmallDisk();
        await using (EmbeddedStorage storage = await OpenAsync())
            await FillAsync(await LoginAsync(storage));
        await using EmbeddedStorage again = await OpenAsync();
        IClientHandlingDriver driver = await LoginAsync(again);
        await driver.DeleteFileAsync(At("/f0"), Token);
        Assert.Null(await driver.StatAsync("/f0"));
    }

    private async Task<EmbeddedStorage> OpenAsync() => await EmbeddedStorage.OpenAsync(Options, cancellationToken: Token);

    private static async Task<IClientHandlingDriver> LoginAsync(EmbeddedStorage storage)
    {
        await storage.Accounts.AddAsync(new Account { Name = "alice" }, "a", Token);
        LoginRequest request = new() { Session = new TestSession(), User = "alice", Password = "a" };
        return Assert.IsType<LoginResult.Accepted>(await storage.Driver.AuthenticateAsync(request, Token)).Driver;
    }

    /// <summary>Stores files until none fits, then takes what is left of the disk to the last byte.</summary>
    private async Task<int> FillAsync(IClientHandlingDriver driver)
    {
        int count = 0;
        FtpError? error = null;
        while (error is null)
        {
            try
            {
                await driver.PutAsync($"/f{count}", Octets.Make(1_500_000, count));
                count++;
            }
            catch (FtpDriverException exception)
            {
                error = exception.Error;
            }
        }
        Assert.Equal(FtpError.InsufficientStorage, error);
        await using FileStream filler = new(Path.Combine(_directory.Path, "filler"), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        foreach (int length in (int[])[1 << 20, 4_096, 64, 1])
        {
            try
            {
                while (true)
                    filler.Write(new byte[length]);
            }
            catch (IOException)
            {
                // Now in smaller pieces.
            }
        }
        return count;
    }

    private void MountSmallDisk() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", _directory.Path) == 0, "Only root may mount a file system in memory.");

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
