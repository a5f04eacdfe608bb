using Orchestrator.Offers;

namespace Orchestrator.Jobs;

/// <summary>Where offers may come from: lines that contradict each other, and names that nothing will ever answer to.</summary>
internal static class PolicyRules
{
    public static void Check(JobSpec spec, SpecPlaces places, Action<string, string, string> error, Action<string, string, string> note)
    {
        Providers(spec, error, note);
        Regions(spec, error, note);
        Capacity(spec, places, note);
        if (spec.Schedule?.StartBelow is { } price && price <= Money.Zero)
        {
            error("schedule.start-below", "no host costs less than nothing: the job would never start", "give a price above 0, or leave it out");
        }
    }

    private static void Providers(JobSpec spec, Action<string, string, string> error, Action<string, string, string> note)
    {
        for (var index = 0; index < spec.Providers.Length; index++)
        {
            var choice = spec.Providers[index];
            if (!choice.Excluded && spec.Providers.Any(other => other.Excluded && other.Name == choice.Name))
            {
                error("providers", $"{choice.Name} is named and excluded", "keep one of the two");
            }
            else if (!choice.Excluded && spec.Providers.FirstOrDefault(other => other.Excluded && choice.Name.StartsWith(other.Name + "/", StringComparison.Ordinal)) is { } whole)
            {
                error("providers", $"{choice.Name} is named and all of {whole.Name} is excluded", "keep one of the two");
            }

            if (!ProviderNames.IsKnown(choice.Name))
            {
                note(SpecPlaces.Item("providers", index), $"{choice.Name} is no provider that is known here", $"known: {string.Join(", ", ProviderNames.Known)}, and parts of them such as runpod/secure or ssh/lab-1");
            }
        }
    }

    private static void Regions(JobSpec spec, Action<string, string, string> error, Action<string, string, string> note)
    {
        var regions = spec.Reliability.Regions;
        for (var index = 0; index < regions.Length; index++)
        {
            var name = regions[index].TrimStart('!');
            if (regions[index] == name && regions.Contains("!" + name))
            {
                error("reliability.regions", $"{name} is named and excluded", "keep one of the two");
            }

            if (!CountryGroups.Names.Contains(name) && !Countries.IsCode(name))
            {
                note(SpecPlaces.Item("reliability.regions", index), $"{name} is no country's code: no offer lies there", $"two letters of ISO 3166 (GB, not UK), or one of {string.Join(", ", CountryGroups.Names)}");
            }
        }
    }

    private static void Capacity(JobSpec spec, SpecPlaces places, Action<string, string, string> note)
    {
        if (spec.Reliability.Capacity != CapacityChoice.Interruptible)
        {
            return;
        }

        if (places.Has("reliability.on-demand-after"))
        {
            note("reliability.on-demand-after", "capacity asks for interruptible hosts only, so that on-demand-after does nothing", "leave it out, or write capacity: auto");
        }

        if (spec.Reliability.Tier == HostTier.Datacenter)
        {
            note("reliability.tier", "no data centre that is known here (runpod/secure, lambda) rents interruptible hosts, and own machines are none: nothing would fit", "write capacity: auto, or tier: any");
        }
    }
}
