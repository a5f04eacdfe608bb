using Orchestrator.Attempts;

namespace Orchestrator.Planning.Memory;

/// <summary>One attempt as a lesson about its place; the same for what really happened and for what was simulated.</summary>
/// <param name="Place">Where.</param>
/// <param name="Reason">Why it ended; None = it lives.</param>
/// <param name="Launched">When it was ordered.</param>
/// <param name="Ready">When its agent was there; null = never.</param>
/// <param name="Trained">When the training began; null = never.</param>
/// <param name="Until">When it ended, or now.</param>
public sealed record AttemptSeen(Place Place, EndReason Reason, DateTimeOffset Launched, DateTimeOffset? Ready, DateTimeOffset? Trained, DateTimeOffset Until)
{
    /// <summary>
    /// A host that fails its check or cannot take the files was paid for as one that never boots. Null = nothing was learned: refused
    /// before it cost anything, ended by us, or denied the image by a registry.
    /// </summary>
    public BootSeen? Boot =>
        Trained is not null ? new BootSeen(Place, Ready ?? Trained.Value, (Ready ?? Trained.Value) - Launched)
        : Reason.IsInterruption() && Reason is not (EndReason.ImageDenied or EndReason.RentalEnds) ? new BootSeen(Place, Until, null)
        : null;

    /// <summary>Null = it did not live; what ends before the training is a matter of <see cref="Boot"/>.</summary>
    public LifeSeen? Life => Trained is not null && Ready is { } ready ? new LifeSeen(Place, Until, Until - ready, IsInterruption) : null;

    /// <summary>The infrastructure took it, unforeseen: an end that the offer named before is none.</summary>
    private bool IsInterruption => Reason.IsInterruption() && Reason is not (EndReason.RentalEnds or EndReason.StageFailed);
}
