using System.Net;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Tests.Storage.Accounts;

public sealed class HashQueueTests
{
    private static readonly IPNetwork A = IPNetwork.Parse("192.0.2.1/32"), B = IPNetwork.Parse("192.0.2.2/32"), C = IPNetwork.Parse("2001:db8::/64");
    private readonly FakeTimeProvider _clock = new();
    private readonly List<int> _order = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_take_turns()
    {
        HashQueue queue = new(1, 100, TimeSpan.FromSeconds(30), _clock);
        await queue.EnterAsync(A, Token);
        Task[] all = [Wait(queue, A, 1), Wait(queue, A, 2), Wait(queue, A, 3), Wait(queue, B, 4), Wait(queue, C, 5), Wait(queue, C, 6)];
        Assert.Equal(6, queue.Waiting);
        queue.Leave();
        await Task.WhenAll(all);
        Assert.Equal([1, 4, 5, 2, 6, 3], _order);
        // The slot is free again.
        await queue.EnterAsync(B, Token);
    }

    [Fact]
    public async Task Who_has_gone_leaves_the_queue_at_once()
    {
        HashQueue queue = new(1, 100, TimeSpan.FromSeconds(30), _clock);
        await queue.EnterAsync(A, Token);
        using CancellationTokenSource gone = new();
        Task[] leaving = [.. Enumerable.Range(0, 50).Select(_ => queue.EnterAsync(A, gone.Token).AsTask())];
        Task stays = Wait(queue, B, 1);
        await gone.CancelAsync();
        foreach (Task task in leaving)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(1, queue.Waiting);
        queue.Leave();
        await stays;
        Assert.Equal([1], _order);
    }

    [Fact]
    public async Task A_full_queue_gives_a_newcomer_the_place_of_the_client_with_the_most()
    {
        HashQueue queue = new(1, 4, TimeSpan.FromSeconds(30), _clock);
        await queue.EnterAsync(A, Token);
        Task[] first = [Wait(queue, A, 1), Wait(queue, A, 2), Wait(queue, A, 3), Wait(queue, B, 4)];
        await Assert.ThrowsAsync<HashQueueException>(() => queue.EnterAsync(A, Token).AsTask());
        Task newcomer = Wait(queue, C, 5);
        await Assert.ThrowsAsync<HashQueueException>(() => first[2]);
        // None has two more than the next one now.
        await Assert.ThrowsAsync<HashQueueException>(() => queue.EnterAsync(B, Token).AsTask());
        Assert.Equal(4, queue.Waiting);
        queue.Leave();
        await Task.WhenAll(first[0], first[1], first[3], newcomer);
        Assert.Equal([1, 4, 5, 2], _order);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_allowed()
    {
        HashQueue queue = new(1, 100, TimeSpan.FromSeconds(30), _clock);
        await queue.EnterAsync(A, Token);
        Task early = queue.EnterAsync(A, Token).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(20));
        Task late = Wait(queue, A, 1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<HashQueueException>(() => early);
        Assert.Equal(1, queue.Waiting);
        queue.Leave();
        await late;
    }

    private async Task Wait(HashQueue queue, IPNetwork client, int number)
    {
        await queue.EnterAsync(client, Token);
        _order.Add(number);
        queue.Leave();
    }
}
