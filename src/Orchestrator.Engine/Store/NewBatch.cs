using System.Collections.Immutable;
using Orchestrator.Batches;

namespace Orchestrator.Engine.Store;

/// <summary>A batch as it is submitted.</summary>
/// <param name="Owner">Who submitted it.</param>
/// <param name="Rules">What it asks for as a whole.</param>
/// <param name="Jobs">In the order of their numbers; never empty.</param>
public sealed record NewBatch(string Owner, BatchRules Rules, ImmutableArray<NewJob> Jobs)
{
    /// <summary>Where a batch of that name lives, the jobs become part of it and its rules stay as they are; false = that is refused.</summary>
    public bool Joins { get; init; }
}
