using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>Where the actors are, what is on its way, and what may still go wrong. The database is beside it, in the world.</summary>
internal sealed record ModelState(ImmutableArray<ModelActor> Actors, ImmutableList<ModelRequest> OnTheirWay, ModelBudget Budget, int DeadFronts)
{
    /// <summary>Equal for states from which the same can follow.</summary>
    public UInt128 Key(ModelWorld world)
    {
        StringBuilder text = new();
        text.Append(world.Fingerprint()).Append('|').Append(world.Clock.Steps).Append('|').Append(Budget).Append('|').Append(DeadFronts);
        foreach (ModelActor actor in Actors)
            text.Append('|').Append(actor.Digest).Append(actor.IsLost).Append(actor.IsDead).Append(actor.HasEnded).Append(actor.End).Append(actor.Before).Append(actor.Began);
        foreach (ModelRequest request in OnTheirWay)
            text.Append('|').Append(request.Name);
        return XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text.ToString()));
    }

    public ModelState With(ModelActor actor) => this with { Actors = Actors.SetItem(actor.Number, actor) };

    /// <summary>The actor as one that has begun.</summary>
    public ModelActor Begun(ModelWorld world, ModelActor actor)
    {
        if (actor.Before is not null)
            return actor;
        int before = Actors.Where(static x => x.HasEnded).Sum(static x => 1 << x.Number);
        // What it asks first has the time of its beginning.
        return (actor with { Before = before, Began = world.Clock.Steps }).Resume(world);
    }
}
