using System.Collections.Immutable;

namespace Orchestrator.Engine.Artifacts;

/// <param name="Url">The URL; holds a signature, so it is not logged.</param>
/// <param name="Expires">Last instant of its validity.</param>
/// <param name="Headers">To be sent exactly so; empty for none.</param>
public sealed record SignedUrl(string Url, DateTimeOffset Expires, ImmutableSortedDictionary<string, string> Headers);
