using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary><c>reliability.capacity</c>, and <c>on-demand-after</c>: a job that was interrupted too often pays for calm.</summary>
internal sealed class CapacityCheck(CapacityChoice wanted, int interruptions, int onDemandAfter) : Check
{
    public override string? Rejects(Offer offer) => offer.Capacity switch
    {
        CapacityType.Interruptible when wanted == CapacityChoice.OnDemand || IsWorn => "interruptible",
        CapacityType.OnDemand when wanted == CapacityChoice.Interruptible => "on-demand",
        CapacityType.Interruptible or CapacityType.OnDemand => null,
    };

    public override string Words(Offer offer) =>
        wanted == CapacityChoice.Interruptible ? "the spec wants interruptible capacity"
        : wanted == CapacityChoice.OnDemand ? "the spec wants on-demand capacity"
        : FormattableString.Invariant($"{interruptions} interruptions: from {onDemandAfter} on only on-demand capacity");

    // A spec that insists on interruptible capacity means it.
    private bool IsWorn => wanted == CapacityChoice.Auto && interruptions >= onDemandAfter;
}
