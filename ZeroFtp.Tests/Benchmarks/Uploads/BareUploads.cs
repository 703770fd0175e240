using System.Buffers;
using Microsoft.Data.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.Local;

namespace ZeroFtp.Benchmarks.Uploads;

/// <summary>
/// What the disk allows: files are written and synced as the object store does it, then a row is inserted by the one thread that writes to the database, which commits for all that wait. No protocol, no
/// tree, no quota.
/// </summary>
internal sealed class BareUploads : IUploads
{
    private readonly LocalObjectStore _objects;
    private readonly SqliteConnection _database;
    private readonly Queue<(string Name, TaskCompletionSource Done)> _queue = new();
    private readonly Thread _thread;
    private long _next;
    private bool _stopping;

    public BareUploads(string directory, Durability durability)
    {
        _objects = new LocalObjectStore(Path.Combine(directory, "objects"), durability, 256L << 20, new FreeSpaceGuard(directory, 0, TimeProvider.System));
        _database = new SqliteConnection($"Data Source={Path.Combine(directory, "bare.db")};Pooling=false");
        _database.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000; CREATE TABLE file (name TEXT PRIMARY KEY, object TEXT, size INTEGER) WITHOUT ROWID");
        Execute(durability == Durability.Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        _thread = new Thread(Commit) { IsBackground = true };
        _thread.Start();
    }

    public Task<Func<byte[], Task>> OpenSessionAsync(int number) => Task.FromResult<Func<byte[], Task>>(UploadAsync);

    public async ValueTask DisposeAsync()
    {
        lock (_queue)
        {
            _stopping = true;
            Monitor.Pulse(_queue);
        }
        _thread.Join();
        await _database.DisposeAsync();
        await _objects.DisposeAsync();
    }

    private async Task UploadAsync(byte[] content)
    {
        string reference = _objects.ReferenceFor(Interlocked.Increment(ref _next));
        await using IObjectWriter writer = await _objects.CreateAsync(reference, content.Length, CancellationToken.None);
        await writer.WriteAsync(new ReadOnlySequence<byte>(content), CancellationToken.None);
        await writer.CompleteAsync(CancellationToken.None);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_queue)
        {
            _queue.Enqueue((reference, done));
            Monitor.Pulse(_queue);
        }
        await done.Task;
    }

    private void Commit()
    {
        using SqliteCommand insert = _database.CreateCommand();
        insert.CommandText = "INSERT INTO file VALUES (@name, @name, 4096)";
        SqliteParameter name = insert.Parameters.Add("@name", SqliteType.Text);
        List<(string Name, TaskCompletionSource Done)> batch = [];
        while (true)
        {
            lock (_queue)
            {
                while (_queue.Count == 0 && !_stopping)
                    Monitor.Wait(_queue);
                if (_queue.Count == 0)
                    return;
                batch.AddRange(_queue);
                _queue.Clear();
            }
            using (SqliteTransaction transaction = _database.BeginTransaction())
            {
                insert.Transaction = transaction;
                foreach ((string text, _) in batch)
                {
                    name.Value = text;
                    insert.ExecuteNonQuery();
                }
                transaction.Commit();
            }
            foreach ((_, TaskCompletionSource done) in batch)
                done.SetResult();
            batch.Clear();
        }
    }

    private void Execute(string text)
    {
        using SqliteCommand command = _database.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
