using System.Collections.Immutable;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Artifacts;

/// <param name="Source">What to stage.</param>
/// <param name="Below">What its keys begin with.</param>
/// <param name="Place">Where those lie.</param>
/// <param name="Versions">Of each key.</param>
/// <param name="Problems">One line each; then nothing is to be staged.</param>
public sealed record BucketSource(StageSource Source, string Below, StorePlace Place, ImmutableSortedDictionary<string, string> Versions, ImmutableArray<string> Problems);
