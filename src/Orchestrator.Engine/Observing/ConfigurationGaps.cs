using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Store;
using Orchestrator.Offers;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Observing;

/// <summary>
/// Finds what live jobs use and the configuration does not name: an attempt on such a machine runs on unheard, and may cost; what is saved
/// for such a store is saved nowhere. Machines that are waited for and may never return, which only a person can say. And machines that are left out because they cannot be told apart.
/// </summary>
public sealed class ConfigurationGaps(LiveUses uses, ProviderSet providers, StoreSet stores, ListingCache listings)
{
    private const string Then = "then restart the server (orchestrator server stop; it starts with the next command)";
    private static readonly TimeSpan _listAge = TimeSpan.FromSeconds(10);

    /// <param name="job">Null = of every job, and of machines that nobody uses.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<ImmutableArray<ConfigurationGap>> FindAsync(long? job, CancellationToken cancellation)
    {
        var gaps = ImmutableArray.CreateBuilder<ConfigurationGap>();
        foreach (var use in await uses.ListAsync(job, cancellation))
        {
            if (await GapAsync(use, cancellation) is { } gap && !gaps.Contains(gap))
            {
                gaps.Add(gap);
            }
        }

        foreach (var provider in job is null ? providers.All : [])
        {
            if (await listings.GetAsync(provider.Name, _listAge, cancellation) is { } listing)
            {
                gaps.AddRange(listing.Seen.Withheld.Select(host => new ConfigurationGap(null, host.Key, host.Value)));
            }
        }

        return gaps.ToImmutable();
    }

    private async Task<ConfigurationGap?> GapAsync(LiveUse use, CancellationToken cancellation) => use switch
    {
        { Place: { } place } => IsThere(place)
            ? null
            : new(use.Job, $"{Who(use)} {place}", $"job {Who(use)} needs the store \"{StorePlace.Parse(place).Store}\", which orchestrator.yaml does not name: what is to be read or saved there waits. Put it back under stores, {Then}"),
        { Provider: { } name } when providers.Find(name) is not { } provider || !provider.Knows(use.Host) =>
            new(use.Job, $"{Who(use)} {use.Host ?? name}", $"job {Who(use)} runs on {use.Host ?? name}, which orchestrator.yaml does not name: it runs on unheard there, and may cost. {await RemedyAsync(use, cancellation)}, {Then}"),
        { Provider: { } name, Host: { } host, IsOverdue: true } when OwnMachines.Has(host) && !await AnswersAsync(name, host, cancellation) =>
            new(use.Job, $"{Who(use)} {host}", $"job {Who(use)} waits for {host}, which has not said for an hour whether it still holds an instance of it: the job cannot end before that is known. If {host} will not return, say gone: yes for it in orchestrator.yaml, {Then}"),
        _ => null,
    };

    private async Task<bool> AnswersAsync(string provider, string host, CancellationToken cancellation) =>
        await listings.GetAsync(provider, _listAge, cancellation) is { } listing && listing.Seen.SpeaksFor(host);

    private async Task<string> RemedyAsync(LiveUse use, CancellationToken cancellation)
    {
        if (!OwnMachines.Has(use.Host))
        {
            return "Name that account again under accounts, with its key, or destroy it in the provider's console";
        }

        var listing = providers.Find(use.Provider!) is null ? null : await listings.GetAsync(use.Provider!, _listAge, cancellation);
        return listing?.Instances.FirstOrDefault(instance => instance.Label == use.Label && instance.Host != use.Host)?.Host is { } now
            ? $"It is on the books of {now}: give that machine its former name back until the job has ended"
            : "Name it there again, or, if the machine no longer exists, name it with gone: yes";
    }

    private bool IsThere(string place) => ForeignOrigins.Knows(place) || StorePlace.Parse(place) is { Bucket: not null } || stores.Has(StorePlace.Parse(place).Store);

    private static string Who(LiveUse use) => $"{use.Name}#{use.Job}";
}
