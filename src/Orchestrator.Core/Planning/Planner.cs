using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Planning;

/// <summary>
/// Filters offers by what the job needs, cheap checks first, and ranks what is left by price. Each rejected offer keeps its
/// first failing check. (Ranking by expected cost to finish is a later issue's.)
/// </summary>
public static class Planner
{
    /// <summary>Offers a tick is shown.</summary>
    private const int MaxRanked = 20;

    /// <summary>Per hour; a thousand times what the dearest machine costs.</summary>
    private static readonly Money _dearest = Money.FromDollars(100_000);

    public static PlanView Plan(JobDemand demand, IEnumerable<Offer> offers, bool complete, DateTimeOffset now)
    {
        List<Offer> fit = [];
        List<Rejection> rejected = [];
        foreach (var offer in offers)
        {
            if (Reject(demand, offer) is { } rejection)
            {
                rejected.Add(rejection);
            }
            else
            {
                fit.Add(offer);
            }
        }

        return new PlanView
        {
            At = now,
            Ranked = [.. fit.OrderBy(offer => offer.PricePerHour).ThenBy(offer => offer.GpuCount).ThenBy(offer => offer.Cpus)
                .ThenBy(offer => offer.Provider, StringComparer.Ordinal).ThenBy(offer => offer.Id, StringComparer.Ordinal).Take(MaxRanked)],
            Rejected = Describe(fit.Count, rejected),
            Complete = complete,
        };
    }

    /// <summary>The first check that fails; null = it fits.</summary>
    public static Rejection? Reject(JobDemand demand, Offer offer)
    {
        // A provider that lies, or whose answer was misread: a negative price would win every ranking.
        if (offer.PricePerHour < Money.Zero || offer.PricePerHour > _dearest)
        {
            return new Rejection(offer, "price that cannot be", $"{offer.PricePerHour}/h is no price");
        }

        if (!Allowed(demand.Providers, offer))
        {
            return new Rejection(offer, "other provider", $"{offer.Provider} is not among the spec's providers");
        }

        if (demand.NeedsImage && !offer.RunsImages)
        {
            return new Rejection(offer, offer.NoImages is { } why ? $"without containers ({why})" : "without containers", "the spec names an image, this host runs none");
        }

        if (demand.Capacity == CapacityChoice.OnDemand && offer.Capacity == CapacityType.Interruptible)
        {
            return new Rejection(offer, "interruptible", "the spec wants on-demand capacity");
        }

        if (demand.Capacity == CapacityChoice.Interruptible && offer.Capacity == CapacityType.OnDemand)
        {
            return new Rejection(offer, "on-demand", "the spec wants interruptible capacity");
        }

        if (GpuFit.Reject(demand.Gpu, offer) is { } gpu)
        {
            return gpu;
        }

        // One that nobody knows is tried: the container's start tells.
        if (offer.GpuCount > 0 && demand.Resources.Cuda is { } least && offer.Cuda < least)
        {
            return new Rejection(offer, $"CUDA below {least}", $"CUDA {offer.Cuda}, {least} needed: a newer driver would do");
        }

        var cpus = demand.Resources.CpuFor(offer.GpuCount);
        if (offer.Cpus < cpus)
        {
            return new Rejection(offer, $"fewer than {cpus} CPUs", $"{offer.Cpus} CPUs, {cpus} needed");
        }

        var memory = demand.Resources.MemoryFor(offer.GpuCount);
        if (offer.MemoryBytes < memory.Bytes)
        {
            return new Rejection(offer, $"memory below {memory}", $"memory {new ByteSize(offer.MemoryBytes)}, {memory} needed");
        }

        return demand.Resources.Disk is { } disk && offer.DiskBytes is { } free && free < disk.Bytes
            ? new Rejection(offer, $"disk below {disk}", $"disk {new ByteSize(free)}, {disk} needed")
            : null;
    }

    private static bool Allowed(ImmutableArray<ProviderChoice> choices, Offer offer)
    {
        var named = choices.Where(choice => Names(choice.Name, offer)).ToList();
        return named.Any(choice => choice.Excluded) ? false : choices.All(choice => choice.Excluded) || named.Count > 0;
    }

    /// <summary>A provider, one host of it, or a label that some of its offers carry.</summary>
    private static bool Names(string choice, Offer offer) =>
        choice == offer.Provider || choice == offer.Host || offer.Labels.Any(label => choice == offer.Provider + "/" + label);

    private static string Describe(int fit, List<Rejection> rejected)
    {
        var groups = rejected.GroupBy(rejection => rejection.Group, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}"));
        var head = string.Create(CultureInfo.InvariantCulture, $"{fit + rejected.Count} offers: {fit} fit");
        return rejected.Count == 0 ? head : $"{head}, {string.Join(" · ", groups)}";
    }
}
