using System.Collections.Immutable;
using Orchestrator.Engine.Templates;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>What reading a spec gave.</summary>
public sealed record SpecReadResult
{
    /// <summary>The name shown in front of problems.</summary>
    public required string FileName { get; init; }

    /// <summary>The expanded spec; null when there is any error.</summary>
    public JobSpec? Spec { get; init; }

    /// <summary>The jobs of the matrix, in order; empty = the spec is of one job, or there is any error.</summary>
    public ImmutableArray<CellSpec> Jobs { get; init; } = [];

    /// <summary>The template that it names, as it was read; null = it names none.</summary>
    public FormerTemplate? Template { get; init; }

    /// <summary>Every problem, by place.</summary>
    public required ImmutableArray<Problem> Problems { get; init; }

    /// <summary>The notes that say "not available yet": validate shows them, run and submit refuse.</summary>
    public ImmutableArray<Problem> Unavailable { get; init; } = [];

    /// <summary>Every value with its origin, in the order of the reference; empty when there is any error.</summary>
    public ImmutableArray<ExpandedValue> ExpandedView { get; init; } = [];

    /// <summary>Where each field was written: what is found out later about one is told at its place.</summary>
    public SpecPlaces Places { get; init; } = new();

    public bool HasErrors => Problems.Any(problem => problem.Severity == Severity.Error);
}
