using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

public sealed class SimInstance
{
    public required string Id { get; init; }
    public required string Label { get; init; }
    public required int Attempt { get; init; }

    /// <summary>May lie in the future: the create call takes its time.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset VisibleFrom { get; init; }
    public required DateTimeOffset? RunsFrom { get; init; }

    /// <summary>Made by a fault that no kernel can prevent (a call sent late, a lying provider): the sweep's business.</summary>
    public bool Exempt { get; set; }

    /// <summary>When the rental ends, once its owner has changed that.</summary>
    public RentalTerm? Term { get; set; }

    /// <summary>What its host asks for it, once that has been raised.</summary>
    public Money? Rate { get; set; }

    public DateTimeOffset? GoneAt { get; set; }
    public DateTimeOffset ListedUntil { get; set; } = DateTimeOffset.MaxValue;
    public bool Stopped { get; set; }
    public DateTimeOffset FlickersUntil { get; set; }
    public DateTimeOffset FlickersAgainFrom { get; set; }
    public bool Hung { get; set; }
    public int OrphanSightings { get; set; }

    public bool BillsAt(DateTimeOffset now) => GoneAt is null || now < GoneAt;

    public bool RunsAt(DateTimeOffset now) => GoneAt is null && !Stopped && now >= RunsFrom;
}
