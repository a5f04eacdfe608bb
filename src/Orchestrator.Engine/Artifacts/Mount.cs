namespace Orchestrator.Engine.Artifacts;

/// <summary>Keys that lie in another store, or elsewhere in the same.</summary>
/// <param name="Below">They begin with this: empty for all, else with its trailing slash.</param>
/// <param name="Store">Where they lie.</param>
/// <param name="Prefix">What stands there instead of <paramref name="Below"/>: empty, or with a trailing slash.</param>
/// <param name="Replaces">Deliveries under names that people chose: a later attempt's file takes the place of an earlier one's.</param>
public sealed record Mount(string Below, IObjectStore Store, string Prefix, bool Replaces = false);
