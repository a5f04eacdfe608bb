using System.Collections.Immutable;

namespace Orchestrator.Engine.Store.Views;

/// <summary>One point of a training's curve, in the database's time.</summary>
public sealed record ProgressSample(int Attempt, DateTimeOffset At, long Step, ImmutableSortedDictionary<string, double> Metrics);
