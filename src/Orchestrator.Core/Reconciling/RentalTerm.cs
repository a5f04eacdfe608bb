namespace Orchestrator.Reconciling;

/// <summary>When a rental ends by itself, as its provider knows it by now.</summary>
/// <param name="Until">Null = open-ended.</param>
public sealed record RentalTerm(DateTimeOffset? Until);
