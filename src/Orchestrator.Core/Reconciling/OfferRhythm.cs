using Orchestrator.Attempts;

namespace Orchestrator.Reconciling;

/// <summary>How often to make checkpoints on one of a plan's offers.</summary>
public sealed record OfferRhythm(string Provider, string OfferId, AttemptRhythm Rhythm);
