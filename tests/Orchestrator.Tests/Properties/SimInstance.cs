using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Orchestrator.Tests.Spending;

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

    /// <summary>When a destroy was first accepted that did nothing.</summary>
    public DateTimeOffset? IgnoredAt { get; set; }

    public DateTimeOffset IgnoresUntil { get; set; }

    /// <summary>The newest list that showed it to a tick, and the one before: where one of them lacked it, the other refutes only that.</summary>
    public DateTimeOffset ShownAt { get; private set; }
    public DateTimeOffset ShownBefore { get; private set; }

    /// <summary>At most once: what lies between two lists that say so is then offline in truth.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? Offline { get; set; }

    /// <summary>As the lists had it.</summary>
    public List<SparedSpan> Spared { get; } = [];

    public int OrphanSightings { get; set; }

    public bool BillsAt(DateTimeOffset now) => GoneAt is null || now < GoneAt;

    public bool IsOfflineAt(DateTimeOffset now) => now >= Offline?.From && now < Offline?.Until;

    public void Shown(DateTimeOffset askedAt) => (ShownBefore, ShownAt) = askedAt > ShownAt ? (ShownAt, askedAt) : (ShownBefore, ShownAt);

    /// <summary>A list shows it.</summary>
    public void Listed(DateTimeOffset now) => Spared.Listed(now, IsOfflineAt(now) ? BilledParts.None : BilledParts.All);

    public bool RunsAt(DateTimeOffset now) => GoneAt is null && !Stopped && now >= RunsFrom;
}
