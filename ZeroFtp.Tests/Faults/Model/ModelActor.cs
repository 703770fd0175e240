using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>How far one operation is: what it was answered so far, and what it waits for. Immutable, so that a search can come back to it.</summary>
internal sealed record ModelActor
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    /// <summary>The operation.</summary>
    public required ModelOperation Operation { get; init; }

    /// <summary>Its front-end: 0 or 1.</summary>
    public required int Front { get; init; }

    /// <summary>Its place among the actors.</summary>
    public required int Number { get; init; }

    /// <summary>What it was answered.</summary>
    public ImmutableList<ModelAnswer> Answers { get; init; } = [];

    /// <summary>What it waits for; null if it has ended.</summary>
    public ModelRequest? Pending { get; init; }

    /// <summary>Whether an answer to what it waits for was lost.</summary>
    public bool IsLost { get; init; }

    /// <summary>Whether its process has died.</summary>
    public bool IsDead { get; init; }

    /// <summary>How it ended.</summary>
    public ModelEnd End { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The operations that had ended when it began, one bit each; null while it has not begun.</summary>
    public int? Before { get; init; }

    /// <summary>When it began.</summary>
    public int Began { get; init; }

    /// <summary>Tells all that it was answered from all else that it could have been.</summary>
    public UInt128 Digest { get; init; }

    public bool CanStep => Pending is not null && !IsDead;

    public static long Server(int front) => 1_000_000 * (front + 1);

    public static ModelActor Create(ModelWorld world, ModelOperation operation, int front, int number) => new ModelActor { Operation = operation, Front = front, Number = number }.Resume(world);

    /// <summary>It gets an answer and goes on to what it waits for next.</summary>
    public ModelActor Take(ModelWorld world, ModelAnswer answer)
    {
        string text = $"{Digest}|{Pending!.Name}|{answer.Again}|{answer.Steps}|{answer.Fault?.Message}|{JsonSerializer.Serialize(answer.Value, answer.Value?.GetType() ?? typeof(object), Json)}";
        return (this with { Answers = Answers.Add(answer), IsLost = false, Digest = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text)) }).Resume(world);
    }

    /// <summary>Runs it again with the answers that it has had.</summary>
    public ModelActor Resume(ModelWorld world)
    {
        int steps = world.Clock.Steps;
        ModelRunner runner = new(world, 10_000 * (Number + 1));
        ModelFront front = new(world, runner, Server(Front));
        runner.Replay(Answers);
        world.Clock.Steps = Answers.Count > 0 ? Began : steps;
        Task run = Operation.RunAsync(front).AsTask();
        world.Clock.Steps = steps;
        if (!run.IsCompleted)
            return this with { Pending = runner.Pending ?? throw new InvalidOperationException($"{Operation} waits for something that is no request.") };
        return this with { Pending = null, HasEnded = true, End = EndOf(run) };
    }

    private static ModelEnd EndOf(Task run) => run.Exception?.InnerException switch
    {
        null => ModelEnd.Done,
        FtpDriverException { Error: FtpError.Unavailable } or MetadataException => ModelEnd.Unknown,
        FtpDriverException => ModelEnd.Refused,
        { } fault => throw new InvalidOperationException("An operation failed as none may.", fault),
    };
}
