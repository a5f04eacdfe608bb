using Orchestrator.Engine.Artifacts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Desk;

/// <summary>What it means that a store is a folder of the server, where hosts are rented: they reach it through the server alone.</summary>
internal static class FolderStoreNote
{
    private const string Meaning =
        "rented hosts reach it through this server alone: data and checkpoints take its own network, and none is stored while it is away, so what a host has not sent by then is lost if it ends itself. A bucket (kind: s3 under stores in orchestrator.yaml, default: yes or checkpoints.to) needs no server in between";

    /// <summary>Null = it names a bucket, or a store that is not here.</summary>
    /// <param name="configuration">With the stores.</param>
    /// <param name="spec">Where it keeps its things.</param>
    public static string? Of(ServerConfiguration configuration, JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(spec);
        return NameOf(configuration, spec.Checkpoints?.To) is { } name ? $"{(spec.Checkpoints?.To is null ? "" : "checkpoints.to: ")}store {name} is a folder of this server, and {Meaning}" : null;
    }

    /// <summary>Before anything is planned: null also where the spec takes own machines only, or there is no account to rent with.</summary>
    public static string? IfRented(ServerConfiguration configuration, JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(spec);
        return MayRent(configuration, spec) ? Of(configuration, spec) : null;
    }

    /// <summary>There is an account, and the spec takes more than own machines.</summary>
    internal static bool MayRent(ServerConfiguration configuration, JobSpec spec)
    {
        var named = spec.Providers.Where(choice => !choice.Excluded).Select(choice => choice.Name).ToList();
        return !configuration.Accounts.IsEmpty && !(named.Count > 0 && named.TrueForAll(IsOwn));
    }

    /// <summary>For <c>doctor</c>: of what jobs use that name no store.</summary>
    public static string? OfDefault(ServerConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return !configuration.Accounts.IsEmpty && NameOf(configuration, null) is { } name ? $"the default store {name} is a folder of this server, and {Meaning}" : null;
    }

    private static string? NameOf(ServerConfiguration configuration, string? to)
    {
        var place = to is null ? new StorePlace(configuration.Stores.FirstOrDefault(store => store.IsDefault)?.Name ?? StoreSet.BuiltIn, "") : StorePlace.Parse(to);
        return place.Store == StoreSet.BuiltIn || configuration.Stores.Any(store => store.Name == place.Store && store.Folder is not null) ? place.Store : null;
    }

    private static bool IsOwn(string provider) => provider == "local" || provider == OwnMachines.Provider || provider.StartsWith(OwnMachines.Provider + "/", StringComparison.Ordinal);
}
