using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Simulation.Worlds;

/// <summary>What the job's own attempts taught, as production would note it.</summary>
internal sealed class Learned(bool learns)
{
    public MarketMemory Memory { get; private set; } = MarketMemory.Empty;

    public void NeverBooted(Offer offer, DateTimeOffset now)
    {
        if (learns)
        {
            Memory = Memory with { Boots = Memory.Boots.Add(new BootSeen(Place.Of(offer), now, null)) };
        }
    }

    public void From(Attempt attempt, SimulatedInstance? instance, SimulatedAgent? agent)
    {
        if (!learns || instance is null || attempt.EndedAt is not { } ended)
        {
            return;
        }

        var place = Place.Of(instance.Offer);
        if (agent?.TrainsFrom is not { } trained)
        {
            NeverBooted(instance.Offer, ended);
            return;
        }

        var until = attempt.EndingSince ?? ended;
        Memory = Memory with
        {
            Boots = Memory.Boots.Add(new BootSeen(place, ended, instance.RunsFrom - instance.CreatedAt)),
            Lives = Memory.Lives.Add(new LifeSeen(place, until, until - instance.RunsFrom, attempt.Reason.IsInterruption())),
            Transfers = Memory.Transfers.Add(new TransferSeen(place, trained, instance.Fate.DownMbps, instance.Fate.UpMbps)),
        };
    }
}
