using Orchestrator.Batches;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>One job of a matrix.</summary>
/// <param name="Cell">Its values.</param>
/// <param name="Spec">With these filled in.</param>
public sealed record CellSpec(MatrixCell Cell, JobSpec Spec);
