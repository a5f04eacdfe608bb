using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>A refusal with what a person can do about it.</summary>
public sealed class DeskException(Refusal refusal, string message, string whatToDo, ImmutableArray<SpecProblem>? problems = null) : Exception(message)
{
    public Refusal Refusal { get; } = refusal;

    public string WhatToDo { get; } = whatToDo;

    public ImmutableArray<SpecProblem>? Problems { get; } = problems;
}
