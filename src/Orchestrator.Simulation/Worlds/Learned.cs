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

        var seen = AttemptSeen.Of(
            instance.Offer, attempt.Offer.ImageBytes, instance.Fate.DownMbps, attempt.Reason, instance.CreatedAt, instance.HelloAt, agent?.TrainsFrom, attempt.EndingSince ?? ended);
        Memory = Memory with
        {
            Boots = seen.Boot is { } boot ? Memory.Boots.Add(boot) : Memory.Boots,
            Lives = seen.Life is { } life ? Memory.Lives.Add(life) : Memory.Lives,
            Transfers = agent?.TrainsFrom is { } trained ? Memory.Transfers.Add(new TransferSeen(seen.Place, trained, instance.Fate.DownMbps, instance.Fate.UpMbps)) : Memory.Transfers,
        };
    }
}
