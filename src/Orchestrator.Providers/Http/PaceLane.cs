namespace Orchestrator.Providers.Http;

/// <summary>One published limit: calls that share it are at least <paramref name="Every"/> apart, but for <paramref name="Burst"/> of them.</summary>
/// <param name="Name">Unique within the API: <c>all</c>, <c>launch</c>.</param>
/// <param name="Every">The mean distance between two calls.</param>
/// <param name="Burst">How many may come at once after a pause; 1 = none beside the first.</param>
public sealed record PaceLane(string Name, TimeSpan Every, int Burst = 1);
