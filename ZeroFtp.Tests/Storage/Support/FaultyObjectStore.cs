using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Tests.Storage.Support;

/// <summary>Where an object store fails.</summary>
public enum ObjectCall
{
    Create,
    Write,
    Complete,
    Open,
    Read,
    Delete,
}

/// <summary>An object store whose n-th call of one kind fails, once or from then on. It may also let every completion wait until it is told.</summary>
internal sealed class FaultyObjectStore(IObjectStore inner) : IObjectStore, IObjectListing
{
    private readonly int[] _counts = new int[Enum.GetValues<ObjectCall>().Length];
    private (ObjectCall Call, int At, bool Stays, FtpError Error)? _fault;

    /// <summary>Completions wait for this if it is set.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Completing { get; private set; }

    public long MaxObjectLength => inner.MaxObjectLength;

    public bool CallerNamesObjects => NewReference is null && inner.CallerNamesObjects;

    public bool IsRemote { get; init; }

    /// <summary>If it is set, objects are repaired while they are sent, and have this reference then.</summary>
    public string? NewReference { get; set; }

    /// <summary>Lets the <paramref name="at"/>-th such call from now on fail.</summary>
    public void Fail(ObjectCall call, int at = 1, bool stays = false, FtpError error = FtpError.Unavailable)
    {
        Array.Clear(_counts);
        _fault = (call, at, stays, error);
    }

    public void Heal() => _fault = null;

    public int Count(ObjectCall call) => _counts[(int)call];

    public string ReferenceFor(long id) => inner.ReferenceFor(id);

    public async ValueTask<IObjectWriter> CreateAsync(string? reference, long? expectedLength, CancellationToken cancellationToken)
    {
        Check(ObjectCall.Create);
        return new Writer(this, await inner.CreateAsync(reference, expectedLength, cancellationToken));
    }

    public async ValueTask<IObjectReader> OpenAsync(StoredObject stored, long offset, long length, CancellationToken cancellationToken)
    {
        Check(ObjectCall.Open);
        return new Reader(this, stored, await inner.OpenAsync(stored, offset, length, cancellationToken));
    }

    public ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        Check(ObjectCall.Delete);
        return inner.DeleteAsync(reference, cancellationToken);
    }

    public ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken) => inner.CheckAsync(stored, deep, cancellationToken);

    public ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken) => inner.RepairAsync(stored, cancellationToken);

    public IAsyncEnumerable<ListedObject> ListAsync(CancellationToken cancellationToken) => ((IObjectListing)inner).ListAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Check(ObjectCall call)
    {
        if (Fails(call, out FtpError error))
            throw new FtpDriverException(error, "As the test wants it.");
    }

    private bool Fails(ObjectCall call, out FtpError error)
    {
        int count = Interlocked.Increment(ref _counts[(int)call]);
        error = _fault?.Error ?? default;
        return _fault is { } fault && fault.Call == call && (count == fault.At || (fault.Stays && count > fault.At));
    }

    private sealed class Writer(FaultyObjectStore store, IObjectWriter inner) : IObjectWriter
    {
        public long Length => inner.Length;

        public ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
        {
            store.Check(ObjectCall.Write);
            return inner.WriteAsync(bytes, cancellationToken);
        }

        public async ValueTask<StoredObject> CompleteAsync(CancellationToken cancellationToken)
        {
            store.Completing++;
            bool fails = store.Fails(ObjectCall.Complete, out FtpError error);
            await store.Gate;
            if (fails)
                throw new FtpDriverException(error, "As the test wants it.");
            return await inner.CompleteAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Reader(FaultyObjectStore store, StoredObject stored, IObjectReader inner) : IObjectReader
    {
        public long Length => inner.Length;

        public StoredObject? Repaired { get; private set; }

        public ValueTask<bool> CopyToAsync(PipeWriter destination, CancellationToken cancellationToken)
        {
            store.Check(ObjectCall.Read);
            Repaired = store.NewReference is null ? null : stored with { Reference = store.NewReference };
            return inner.CopyToAsync(destination, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
