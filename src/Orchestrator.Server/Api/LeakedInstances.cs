using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Rented instances whose end has been owed for long and is not confirmed. They are destroyed again and again.</summary>
/// <param name="Count">How many.</param>
/// <param name="PerHour">What they cost, in dollars; of those whose price is known.</param>
/// <param name="WithoutPrice">How many those are of which nobody told a price.</param>
/// <param name="Providers">Where they are.</param>
public sealed record LeakedInstances(int Count, decimal PerHour, int WithoutPrice, ImmutableArray<string> Providers);
