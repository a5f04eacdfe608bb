using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Prices per card and hour, now against usual.</summary>
/// <param name="Cards">By name, on-demand before interruptible.</param>
/// <param name="UsualOverHours">What "usual" looks back to.</param>
/// <param name="LeastHours">In fewer past hours than that nothing is usual yet.</param>
/// <param name="Silent">Providers that did not answer, with their words: their offers are missing.</param>
public sealed record MarketReply(ImmutableArray<MarketCard> Cards, double UsualOverHours, int LeastHours, ImmutableArray<string> Silent);
