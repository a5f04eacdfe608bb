namespace Orchestrator.Server.Api;

/// <summary>A rehearsal: what was seen so far and what it has come to. Field names are read by scripts: add, never rename.</summary>
public sealed record RehearsalDetails
{
    /// <summary><c>r-31</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Its own job: events, logs and checkpoints are there.</summary>
    public required JobRef Job { get; init; }

    /// <summary>The job that is rehearsed.</summary>
    public required string Of { get; init; }

    /// <summary>Null until it is over: weekend-ready, too-short, trainer-failed, started-anew, loss-jumps, no-progress, money-spent, no-offer, stopped, failed.</summary>
    public string? Outcome { get; init; }

    /// <summary>What was seen, in one line.</summary>
    public string Words { get; init; } = "";

    public string WhatToDo { get; init; } = "";

    /// <summary>Nothing of it is left: what it rented is gone, its cost is final.</summary>
    public bool Ended { get; init; }

    /// <summary>Dollars.</summary>
    public decimal Cost { get; init; }

    /// <summary>Dollars.</summary>
    public decimal? Budget { get; init; }

    /// <summary>Where it was killed on purpose; null = not yet, or never.</summary>
    public RehearsalPlace? Killed { get; init; }

    /// <summary>Where it went on; null = not yet, or never.</summary>
    public RehearsalPlace? Resumed { get; init; }

    /// <summary>Both are the same machine.</summary>
    public bool SamePlace { get; init; }

    public double? LossBefore { get; init; }

    public double? LossAfter { get; init; }

    /// <summary>How much higher the second may have been.</summary>
    public double? LossAllowed { get; init; }

    public RehearsalMeasures? Measured { get; init; }

    /// <summary>Plans of the same work reckon with it.</summary>
    public bool EstimateStored { get; init; }
}
