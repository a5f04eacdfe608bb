using Orchestrator.Offers;

namespace Orchestrator.Simulation.Worlds;

/// <summary>A rented instance and what will become of it.</summary>
internal sealed class SimulatedInstance
{
    public required string Id { get; init; }

    public required string Label { get; init; }

    public required int Attempt { get; init; }

    public required Offer Offer { get; init; }

    public required Fate Fate { get; init; }

    public required SaveRhythm Rhythm { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is up; never where it hangs or stops before.</summary>
    public required DateTimeOffset RunsFrom { get; init; }

    /// <summary>When its agent is heard first.</summary>
    public required DateTimeOffset HelloAt { get; init; }

    /// <summary>When the host is lost, by its fate or because the rental ends.</summary>
    public required DateTimeOffset LostAt { get; init; }

    public DateTimeOffset? DestroyedAt { get; set; }

    public bool IsHeardAt(DateTimeOffset now) => now >= HelloAt && now < LostAt && DestroyedAt is null;
}
