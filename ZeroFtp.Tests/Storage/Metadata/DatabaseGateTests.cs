using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Tests.Storage.Metadata;

public sealed class DatabaseGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_refuses_one_prober_asks_and_not_every_command()
    {
        await using SilentDatabase database = new(closes: true);
        await using CockroachRunner runner = new(new CockroachMetadataOptions { ConnectionString = database.ConnectionString, UnitTimeout = TimeSpan.FromSeconds(2) });
        MetadataException[] faults = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Assert.ThrowsAsync<MetadataException>(async () =>
            await runner.ReadAsync(TreeSql.Version, new SqlArgs().Add("dir", 1), Rows.NumberAsync, Token)))));
        Assert.All(faults, static fault => Assert.Equal(MetadataError.Unavailable, fault.Error));
        // Each command once, before the gate is closed, and four times a second the prober.
        Assert.InRange(database.Count, 2, 80);
    }

    [Fact]
    public async Task Commands_into_one_directory_wait_for_each_other_within_their_own_time()
    {
        await using SilentDatabase database = new(closes: false);
        await using CockroachRunner runner = new(new CockroachMetadataOptions { ConnectionString = database.ConnectionString, UnitTimeout = TimeSpan.FromSeconds(1) });
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Assert.ThrowsAsync<MetadataException>(async () =>
            await runner.WriteAsync(UpkeepSql.Leave, new SqlArgs().Add("id", 1), static (_, _) => ValueTask.FromResult(0), hot: 7, Token))));
        // One after the other they would take twelve seconds.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_directory_that_stays_busy_ends_the_wait_and_is_free_afterwards()
    {
        FakeTimeProvider clock = new();
        KeyedLock keys = new();
        Task<KeyedLock.Holder> second;
        using (await keys.EnterAsync(1, TimeSpan.FromSeconds(6), clock, Token))
        {
            second = keys.EnterAsync(1, TimeSpan.FromSeconds(6), clock, Token).AsTask();
            Assert.False(second.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(7));
            await Assert.ThrowsAsync<TimeoutException>(() => second);
        }
        Assert.Equal(0, keys.Count);
        using KeyedLock.Holder third = await keys.EnterAsync(1, TimeSpan.Zero, clock, Token);
    }

    [Fact]
    public async Task Those_who_wait_go_on_when_the_prober_is_answered_or_fails_for_another_reason()
    {
        foreach (Exception? last in (Exception?[])[null, new Npgsql.PostgresException("password", "FATAL", "FATAL", "28P01")])
        {
            int count = 0;
            using SemaphoreSlim asked = new(0), answers = new(0);
            await using DatabaseGate gate = new(ProbeAsync, TimeSpan.FromMilliseconds(1), TimeProvider.System, NullLogger.Instance);
            await gate.PassAsync(new UnitAttempt(TimeProvider.System, TimeSpan.Zero), Token);
            gate.Close(new IOException("gone"));
            gate.Close(new IOException("gone again"));
            Task waiting = gate.PassAsync(new UnitAttempt(TimeProvider.System, TimeSpan.FromMinutes(1)), Token).AsTask();
            for (int i = 0; i < 3; i++)
            {
                await asked.WaitAsync(Token);
                Assert.False(waiting.IsCompleted);
                answers.Release();
            }
            await waiting;
            Assert.False(gate.IsClosed);
            Assert.Equal(0, asked.CurrentCount);

            async ValueTask ProbeAsync(CancellationToken token)
            {
                asked.Release();
                await answers.WaitAsync(token);
                if (++count < 3)
                    throw new IOException("still gone");
                if (last is not null)
                    throw last;
            }
        }
    }
}
