using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Desk;

/// <summary>What a person should know before a job rents: said when it is handed in, since nobody looks afterwards.</summary>
internal static class RentingNotes
{
    /// <param name="configuration">With the accounts and the stores.</param>
    /// <param name="spec">The job's; null = it could not be read.</param>
    public static ImmutableArray<string> Of(ServerConfiguration configuration, JobSpec? spec)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return spec is null ? [] : [.. Unconfigured(configuration, spec), .. new[] { FolderStoreNote.IfRented(configuration, spec), NearStore(configuration, spec) }.OfType<string>()];
    }

    private static IEnumerable<string> Unconfigured(ServerConfiguration configuration, JobSpec spec) =>
        spec.Providers.Where(choice => !choice.Excluded).Select(choice => choice.Name.Split('/')[0]).Distinct()
            .Where(name => ProviderNames.Known.Contains(name) && name is not ("local" or OwnMachines.Provider) && configuration.Accounts.All(account => account.Provider != name))
            .Select(name => $"providers: there is no account of {name} in orchestrator.yaml, so nothing is rented there; orchestrator account list shows what there is");

    /// <summary>Every host takes an address of the loopback for itself.</summary>
    private static string? NearStore(ServerConfiguration configuration, JobSpec spec)
    {
        var name = spec.Checkpoints?.To is { } to ? StorePlace.Parse(to).Store : null;
        return FolderStoreNote.MayRent(configuration, spec)
            && configuration.Stores.FirstOrDefault(store => name is null ? store.IsDefault : store.Name == name) is { Bucket.Endpoint: { IsLoopback: true } endpoint } near
            ? $"store {near.Name} answers at {endpoint.Host}, which every rented host takes for itself: none of them will reach it. Give it an address that the internet reaches"
            : null;
    }
}
