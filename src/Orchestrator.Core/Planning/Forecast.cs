using System.Collections.Immutable;

namespace Orchestrator.Planning;

/// <summary>
/// What finishing on one offer is expected to cost and take. The parts are rounded up, each by itself, and add up to the
/// total to the micro-dollar.
/// </summary>
public sealed record Forecast
{
    /// <summary>The hours that are needed anyway: boot, moving data in, the work.</summary>
    public required Money Compute { get; init; }

    /// <summary>The hours that interruptions and checkpoints add.</summary>
    public required Money LostWork { get; init; }

    public required Money Disk { get; init; }

    /// <summary>What the host charges for data in and out.</summary>
    public required Money Moves { get; init; }

    public required Money StoreEgress { get; init; }

    /// <summary>Expected price of launches that come to nothing.</summary>
    public required Money NeverBoots { get; init; }

    public Money Total => Compute + LostWork + Disk + Moves + StoreEgress + NeverBoots;

    /// <summary>Nine runs in ten cost no more.</summary>
    public required Money Total90 { get; init; }

    /// <summary>Expected time from now until it is done.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Half of all runs are done by then.</summary>
    public required TimeSpan Median { get; init; }

    /// <summary>Nine runs in ten are done by then.</summary>
    public required TimeSpan Time90 { get; init; }

    /// <summary>The work that is left, on these cards, without interruptions.</summary>
    public required TimeSpan Work { get; init; }

    /// <summary>From the order until training begins; zero where it runs already.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>From an interruption until training goes on, on an offer like this one.</summary>
    public required TimeSpan Recover { get; init; }

    /// <summary>Mean time between interruptions over this run.</summary>
    public required TimeSpan MeanBetween { get; init; }

    /// <summary>Expected number of interruptions.</summary>
    public required double Interruptions { get; init; }

    /// <summary>Null for a job without checkpoints.</summary>
    public CheckpointAdvice? Checkpoints { get; init; }

    /// <summary>Every number the forecast was made from, and where it came from.</summary>
    public required ImmutableArray<Figure> Figures { get; init; }
}
