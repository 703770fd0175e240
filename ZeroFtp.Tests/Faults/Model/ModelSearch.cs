using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>
/// Goes every way that a few operations can take: each step of each in every order, each answer kept, lost or late, each front-end dying at each step, time passing at each. Ways that meet in the same state go on as one.
/// In every state each part that a file names is there; where a way ends the operations have an order that explains what they answered and left, and the invariants of the metadata hold, before and after all garbage is gone.
/// </summary>
/// <example>
/// Two actors of two steps each have six orders. If the answer of one step may be lost, the search takes it back once the others have been tried, marks the step as lost, and goes on: the same step then comes again, before or
/// after any step of the other actor, and finds what it did itself, or what the other has made of it since.
/// </example>
internal sealed class ModelSearch : IDisposable
{
    private readonly ModelWorld _world;
    private readonly NameTree _start;
    private readonly ModelBudget _budget;
    private readonly HashSet<UInt128> _seen = [];
    private readonly Stack<string> _way = [];
    private readonly ModelState _first;

    public ModelSearch(ModelStart start, ModelBudget budget, IReadOnlyList<(ModelOperation Operation, int Front)> operations, Action<PlantedStore, ModelRunner, TimeProvider>? plant = null)
    {
        _world = new ModelWorld(plant);
        _start = start.Make(_world);
        _budget = budget;
        _first = new ModelState([.. operations.Select((x, i) => ModelActor.Create(_world, x.Operation, x.Front, i))], [], budget, 0);
    }

    /// <summary>How many states were seen.</summary>
    public int States => _seen.Count;

    /// <summary>How many ways to an end were judged.</summary>
    public int Ends { get; private set; }

    /// <summary>The steps that lead to the first violation, and what it is; null if there is none.</summary>
    public string? Violation { get; private set; }

    /// <summary>Searches until there is nothing more, or a violation.</summary>
    public bool Run(CancellationToken cancellationToken)
    {
        Visit(_first, cancellationToken);
        return Violation is null;
    }

    public void Dispose() => _world.Dispose();

    private void Visit(ModelState state, CancellationToken cancellationToken)
    {
        if (Violation is not null || !_seen.Add(state.Key(_world)))
            return;
        cancellationToken.ThrowIfCancellationRequested();
        if (_world.CountMissingParts() is var missing and > 0)
        {
            Fail($"{missing} parts that files name are gone");
            return;
        }
        if (state.Actors.All(static x => !x.CanStep))
            Judge(state);
        foreach (ModelActor actor in state.Actors.Where(static x => x.CanStep))
            Step(state, actor, cancellationToken);
        for (int i = 0; i < state.OnTheirWay.Count; i++)
        {
            ModelRequest late = state.OnTheirWay[i];
            Try($"late: {late.Name}", state with { OnTheirWay = state.OnTheirWay.RemoveAt(i) }, s => Run(late) is null ? s : s, cancellationToken);
        }
        if (state.Actors.Any(static x => x.CanStep))
            Disturb(state, cancellationToken);
    }

    private void Step(ModelState state, ModelActor actor, CancellationToken cancellationToken)
    {
        actor = state.Begun(_world, actor);
        ModelRequest request = actor.Pending!;
        string name = $"{actor.Number} {actor.Operation}: {request.Name}";
        Try(name, state, s => s.With(actor.Take(_world, Run(request, actor.IsLost))), cancellationToken);
        if (!request.IsWrite)
            return;
        ModelBudget budget = state.Budget;
        if (budget.Lost > 0)
            Try(name + ", answer lost", state with { Budget = budget with { Lost = budget.Lost - 1 } }, s => Run(request) is null ? s : s.With(actor with { IsLost = true }), cancellationToken);
        if (budget.Late > 0)
            Try(name + ", on its way", state with { Budget = budget with { Late = budget.Late - 1 }, OnTheirWay = state.OnTheirWay.Add(request) }, s => s.With(actor with { IsLost = true }), cancellationToken);
        if (budget.Given > 0)
        {
            Try(name + ", answer lost and given up", state with { Budget = budget with { Given = budget.Given - 1 } }, s =>
            {
                Run(request);
                return s.With(actor.Take(_world, new ModelAnswer(null, false, new MetadataException(MetadataError.Unavailable, "The answer was lost."), _world.Clock.Steps)));
            }, cancellationToken);
        }
    }

    private void Disturb(ModelState state, CancellationToken cancellationToken)
    {
        ModelBudget budget = state.Budget;
        for (int front = 0; front < 2 && budget.Deaths > 0; front++)
        {
            if (!state.Actors.Any(x => x.Front == front && x.CanStep && x.Before is not null))
                continue;
            int dead = front;
            Try($"front-end {front} dies", state with { Budget = budget with { Deaths = budget.Deaths - 1 }, DeadFronts = state.DeadFronts | 1 << front },
                s => s with { Actors = [.. s.Actors.Select(x => x.Front == dead && !x.HasEnded ? x with { IsDead = true } : x)] }, cancellationToken);
        }
        if (budget.Steps > 0)
            Try("time passes", state with { Budget = budget with { Steps = budget.Steps - 1 } }, s => Pass(s), cancellationToken);
    }

    // Those that live beat in time.
    private ModelState Pass(ModelState state)
    {
        _world.Clock.Steps++;
        for (int front = 0; front < 2; front++)
        {
            if ((state.DeadFronts & 1 << front) == 0)
                _world.Session.Execute($"UPDATE server SET expires = {MetadataTime.Now(_world.Clock) + 60_000_000}, oldest = {MetadataTime.Now(_world.Clock)} WHERE id = {ModelActor.Server(front)} AND expires > 0");
        }
        return state;
    }

    private void Try(string step, ModelState state, Func<ModelState, ModelState> act, CancellationToken cancellationToken)
    {
        int steps = _world.Clock.Steps;
        _world.Mark();
        _way.Push(step);
        Visit(act(state), cancellationToken);
        _way.Pop();
        _world.GoBack();
        _world.Clock.Steps = steps;
    }

    private ModelAnswer Run(ModelRequest request, bool again = false)
    {
        try
        {
            return new ModelAnswer(request.Run(_world, again ? 1 : 0), again, null, _world.Clock.Steps);
        }
        catch (MetadataException fault)
        {
            return new ModelAnswer(null, again, fault, _world.Clock.Steps);
        }
    }

    private void Judge(ModelState state)
    {
        Ends++;
        ModelOperation[] operations = [.. state.Actors.Select(static x => x.Operation)];
        ModelEnd[] ends = [.. state.Actors.Select(static x => x.HasEnded ? x.End : ModelEnd.Unknown)];
        int[] before = [.. state.Actors.Select(static x => x.Before ?? 0)];
        string found = ModelStart.Find(_world);
        if (!ModelOracle.Explains(operations, ends, before, _start, names => names.ToString() == found))
        {
            Fail($"no order of {string.Join(", ", operations.Select((x, i) => $"{x} ({ends[i]})"))} from '{_start}' leaves '{found}'");
            return;
        }
        _world.Mark();
        int steps = _world.Clock.Steps;
        if (ModelStart.Settle(_world, _budget == default) is { } fault)
            Fail(fault);
        else if (ModelStart.Find(_world) is var settled && settled != found)
            Fail($"the names are '{settled}' when everything has settled, and were '{found}'");
        _world.Clock.Steps = steps;
        _world.GoBack();
    }

    private void Fail(string what) => Violation ??= $"{what}, after\n  {string.Join("\n  ", _way.Reverse())}";
}
