namespace Orchestrator.Jobs;

/// <summary>A range of CUDA compute capabilities such as 8.6; both ends belong to it, a missing end is open.</summary>
public sealed record CapabilityRange(decimal? Min, decimal? Max)
{
    public bool Contains(decimal capability) => (Min is null || capability >= Min) && (Max is null || capability <= Max);

    public override string ToString() => FormattableString.Invariant($"{Min:0.0}..{Max:0.0}");
}
