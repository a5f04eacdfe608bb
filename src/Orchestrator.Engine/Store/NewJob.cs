using System.Collections.Immutable;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Recurring;
using Orchestrator.Engine.Rehearsals;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>A job as it is submitted.</summary>
public sealed record NewJob
{
    public required string Name { get; init; }

    /// <summary>Who submitted it: the token's name.</summary>
    public required string Owner { get; init; }

    /// <summary>The spec as the person wrote it.</summary>
    public required string SpecYaml { get; init; }

    /// <summary>The expanded spec, <c>JobSpec</c> as JSON.</summary>
    public required string SpecJson { get; init; }

    public required JobTerms Terms { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The instant of a series that it is the run of; null = a person submits it.</summary>
    public Firing? Firing { get; init; }

    /// <summary>It rehearses another job; null = it does not.</summary>
    public NewRehearsal? Rehearsal { get; init; }

    /// <summary>The values of its batch's matrix that it is run with, <c>lr=3e-3,wd=0.3</c>; null = it belongs to none.</summary>
    public string? Cell { get; init; }

    /// <summary>The job that it takes up again; null = it is none's retry.</summary>
    public JobId? RetryOf { get; init; }

    /// <summary>The same in words, <c>retry of lora #12</c>.</summary>
    public string? Retry { get; init; }

    /// <summary>A checkpoint of another job that is to be copied for this one; null = it begins at the start.</summary>
    public StartCopy? Start { get; init; }

    /// <summary>The installation's epoch.</summary>
    public required string Epoch { get; init; }
}
