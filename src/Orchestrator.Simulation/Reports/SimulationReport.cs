using System.Collections.Immutable;

namespace Orchestrator.Simulation.Reports;

/// <summary>One job in many worlds, under several policies in the same worlds.</summary>
public sealed record SimulationReport
{
    public required string Job { get; init; }

    public required int Worlds { get; init; }

    public required long Seed { get; init; }

    /// <summary>When the job is submitted.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary><c>generated</c>, or what a recorded market's header says.</summary>
    public required string Market { get; init; }

    /// <summary>The first one is the product's own.</summary>
    public required ImmutableArray<PolicyReport> Policies { get; init; }

    public required ImmutableArray<Comparison> Comparisons { get; init; }

    /// <summary>Of the product's own policy; null where no run succeeded.</summary>
    public Calibration? Calibration { get; init; }
}
