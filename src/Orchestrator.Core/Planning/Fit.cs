namespace Orchestrator.Planning;

/// <summary>An offer that would do.</summary>
/// <param name="AtLeast">At its best bid; it costs at least that, once what follows an interruption is priced.</param>
/// <param name="Hourly">At its lowest bid that would do.</param>
internal readonly record struct Fit(Candidate AtLeast, Candidate Hourly);
