using System.Collections.Immutable;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What is known around a plan, beside the job and the offers.</summary>
internal sealed record PlanAround
{
    /// <summary>A recorded market: nobody is asked, and no history is at hand.</summary>
    public static PlanAround Nothing { get; } = new() { SelfEnding = ["vast"], EndsAlone = new Dictionary<string, TimeSpan> { ["vast"] = TimeSpan.FromHours(2) }.ToImmutableDictionary() };

    /// <summary>Every provider answered.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>Whether it was rehearsed; null = not known here, or there is nothing to rehearse.</summary>
    public RehearsalStamp? Rehearsal { get; init; }

    /// <summary>Where checkpoints go; null = not known here.</summary>
    public string? Store { get; init; }

    /// <summary>What it means for a rented host that the store is a folder of the server; null = it is none.</summary>
    public string? FolderStore { get; init; }

    /// <summary>What cards cost now and usually.</summary>
    public ImmutableArray<MarketCard> Market { get; init; } = [];

    /// <summary>Providers whose hosts can end themselves when no server is heard of any more.</summary>
    public ImmutableHashSet<string> SelfEnding { get; init; } = [];

    /// <summary>By provider: so long after its start a host ends itself that was given no lease yet.</summary>
    public ImmutableDictionary<string, TimeSpan> EndsAlone { get; init; } = ImmutableDictionary<string, TimeSpan>.Empty;

    /// <summary>Times of the providers, among them.</summary>
    public Policies Policies { get; init; } = new();

    /// <summary>For a person.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
