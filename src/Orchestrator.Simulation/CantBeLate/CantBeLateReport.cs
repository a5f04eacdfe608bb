using System.Collections.Immutable;

namespace Orchestrator.Simulation.CantBeLate;

/// <param name="Variants">The frozen policy over all windows that the published figures are over.</param>
/// <param name="HeldOut">Over every window that begins in the second half of the time axis: nothing was fitted on it.</param>
/// <param name="Reversed">Over the windows of <paramref name="Variants"/> read from their end.</param>
public sealed record CantBeLateReport(ImmutableArray<VariantResult> Variants, ImmutableArray<VariantResult> HeldOut, ImmutableArray<VariantResult> Reversed);
