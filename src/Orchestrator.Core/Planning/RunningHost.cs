using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <summary>Where the job runs now; staying there costs no boot and moves no data.</summary>
/// <param name="Offer">The offer as it was rented, with what it costs now.</param>
/// <param name="Age">Since it was ready: a host that lived for hours is likelier to live on than a new one.</param>
public sealed record RunningHost(Offer Offer, TimeSpan Age)
{
    /// <summary>Whose instance it is: what it lived is its age, not a lesson about its place. Null = it is in no memory.</summary>
    public JobId? Job { get; init; }

    /// <summary>What was trained there since the newest checkpoint: done for whoever stays, lost for whoever leaves.</summary>
    public TimeSpan Ahead { get; init; }
}
