namespace Orchestrator.Rehearsals;

/// <summary>What a rehearsal has come to. Its job may still have to end.</summary>
/// <param name="Outcome">The verdict.</param>
/// <param name="Words">What was seen, in one line for a person.</param>
/// <param name="WhatToDo">Empty where nothing is to be done.</param>
public sealed record RehearsalEnd(RehearsalOutcome Outcome, string Words, string WhatToDo)
{
    /// <summary>Where both sides reported one; null = nothing was compared.</summary>
    public LossComparison? Loss { get; init; }

    /// <summary>The attempt that went on; null = none did.</summary>
    public int? Resumed { get; init; }
}
