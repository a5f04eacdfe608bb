namespace Orchestrator.Planning.Memory;

/// <summary>The usual performance score of one card at a provider that publishes such scores, per card.</summary>
public sealed record UsualScore(string Provider, string Gpu, double PerCard);
