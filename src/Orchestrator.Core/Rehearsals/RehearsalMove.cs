namespace Orchestrator.Rehearsals;

/// <summary>What a rehearsal does next; both null = it goes on looking.</summary>
/// <param name="Kill">Destroy this instance.</param>
/// <param name="End">It is over: end its job.</param>
public sealed record RehearsalMove(RehearsalKill? Kill, RehearsalEnd? End)
{
    public static RehearsalMove Wait { get; } = new(null, null);
}
