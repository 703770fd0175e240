using Google.Protobuf;
using ZeroFtp.Storage.Objects.ZeroStor.Daemons;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct;

/// <summary>Stores the parts of a block, each on a shard of its own. A shard that fails costs its part another shard, not the block.</summary>
internal sealed class PartWriter(ShardMap shards, DirectOptions options, TimeProvider timeProvider, Action<long> countOrphan)
{
    /// <summary>Stores the parts that are not stored yet.</summary>
    /// <param name="block">The block.</param>
    /// <param name="parts">One for each part of the block: where it is stored already, or null. Filled as parts are stored, also if this fails.</param>
    /// <param name="enough">The number of parts, stored before included, with which the block counts as stored if there are no shards for more.</param>
    /// <param name="retryFor">How long shards that refuse are asked again; zero asks each once.</param>
    /// <param name="cancellationToken">Stops waiting between retries.</param>
    /// <exception cref="DaemonException">Too few shards accept a part.</exception>
    public async ValueTask StoreAsync(EncodedBlock block, Part?[] parts, int enough, TimeSpan retryFor, CancellationToken cancellationToken)
    {
        long began = timeProvider.GetTimestamp();
        TimeSpan delay = options.RetryDelay;
        while (true)
        {
            Exception? failure = await TryStoreAsync(block, parts).ConfigureAwait(false);
            if (failure is null || parts.Count(static part => part is not null) >= enough)
                return;
            if (timeProvider.GetElapsedTime(began) + delay > retryFor || failure is ZdbException { Failure: ZdbFailure.Full })
                throw Refusal(failure, parts.Length);
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), timeProvider, cancellationToken).ConfigureAwait(false);
            delay = delay * 2 < options.MaxRetryDelay ? delay * 2 : options.MaxRetryDelay;
        }
    }

    /// <summary>Tries each missing part on one free shard after another.</summary>
    /// <returns>Why a part could not be stored, or null if all are.</returns>
    private async Task<Exception?> TryStoreAsync(EncodedBlock block, Part?[] parts)
    {
        Queue<Shard> free = shards.ToWrite(id => Array.Exists(parts, part => part?.ShardID == id));
        int[] missing = [.. Enumerable.Range(0, parts.Length).Where(i => parts[i] is null)];
        Exception?[] failures = await Task.WhenAll(missing.Select(StoreOneAsync)).ConfigureAwait(false);
        return failures.FirstOrDefault(static failure => failure is ZdbException { Failure: not ZdbFailure.Full })
            ?? failures.FirstOrDefault(static failure => failure is not null);

        async Task<Exception?> StoreOneAsync(int i)
        {
            Exception? failure = null;
            while (true)
            {
                Shard? shard;
                lock (free)
                {
                    if (!free.TryDequeue(out shard))
                        return failure ?? new ZdbException(ZdbFailure.Unreachable, "0-stor", "There are fewer shards than parts.");
                }
                try
                {
                    // A command that was sent is waited for: its key is all that leads to the part.
                    byte[] key = await shard.SetAsync(block[i], CancellationToken.None).ConfigureAwait(false);
                    parts[i] = new Part { ShardID = shard.Id, Key = ByteString.CopyFrom(key) };
                    return null;
                }
                catch (ZdbException exception)
                {
                    if (exception.Failure == ZdbFailure.Unreachable
                        && exception.InnerException is not (Polly.CircuitBreaker.BrokenCircuitException or System.Net.Sockets.SocketException))
                        countOrphan(block[i].Length);
                    failure = exception;
                }
            }
        }
    }

    private static DaemonException Refusal(Exception failure, int parts) => new(
        failure is ZdbException { Failure: ZdbFailure.Full } ? FailureKind.Full
            : FailureKind.ShardsDown, "0-stor", $"Fewer than {parts} shards accept a part: {failure.Message}", failure);
}
