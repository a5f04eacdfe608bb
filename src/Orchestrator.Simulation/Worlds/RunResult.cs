using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;

namespace Orchestrator.Simulation.Worlds;

/// <summary>How one job fared in one world.</summary>
public sealed record RunResult
{
    /// <summary>Number of the world.</summary>
    public required long World { get; init; }

    /// <summary>How it ended; Waiting or the like where it did not within the simulated time.</summary>
    public required JobPhase Phase { get; init; }

    public required string Why { get; init; }

    public required CostParts Cost { get; init; }

    /// <summary>From its submission to its end.</summary>
    public required TimeSpan Time { get; init; }

    public required int Attempts { get; init; }

    public required int Interruptions { get; init; }

    /// <summary>Training that had to be done again.</summary>
    public required TimeSpan LostWork { get; init; }

    /// <summary>It had a deadline and was not done by then.</summary>
    public required bool Missed { get; init; }

    /// <summary>What the first attempt took; null = there was none.</summary>
    public Offer? FirstOffer { get; init; }

    /// <summary>What was forecast when the first attempt was planned.</summary>
    public Forecast? Promised { get; init; }

    /// <summary>Passes over the job.</summary>
    public required int Ticks { get; init; }

    public bool Succeeded => Phase == JobPhase.Succeeded;
}
