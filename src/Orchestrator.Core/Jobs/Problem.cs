namespace Orchestrator.Jobs;

/// <summary>Something a person should know or mend about a spec, at one place of it.</summary>
public sealed record Problem
{
    public required Severity Severity { get; init; }

    /// <summary>Line in the file, from 1. Problems that have no place of their own (a missing field) lie where it belongs.</summary>
    public required int Line { get; init; }

    /// <summary>Column in characters, from 1.</summary>
    public required int Column { get; init; }

    /// <summary>Path of the field, for example <c>checkpoints.path</c>; empty for the whole file.</summary>
    public required string Path { get; init; }

    /// <summary>What is wrong, in one line.</summary>
    public required string What { get; init; }

    /// <summary>What to do about it, in one line; empty where that is evident.</summary>
    public string WhatToDo { get; init; } = "";

    /// <summary>Set when the value is not from the file, for example <c>--set budget.max-total</c>; line and column are 1 then.</summary>
    public string? Source { get; init; }
}
