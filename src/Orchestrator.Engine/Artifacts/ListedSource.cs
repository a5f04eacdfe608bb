using System.Collections.Immutable;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Artifacts;

/// <summary>Data that stays where it lies, as it was when the job was submitted.</summary>
/// <param name="Source">What to stage.</param>
/// <param name="Below">What its keys begin with.</param>
/// <param name="Origin">Where those lie: a <see cref="StorePlace"/>, or what <see cref="Foreign.ForeignOrigins"/> knows.</param>
/// <param name="Versions">Of each key.</param>
/// <param name="Problems">One line each; then nothing is to be staged.</param>
public sealed record ListedSource(StageSource Source, string Below, string Origin, ImmutableSortedDictionary<string, string> Versions, ImmutableArray<string> Problems);
