using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Prints problems, one line each: <c>lora.yaml:7:3: what; what to do</c>.</summary>
public static class ProblemPrinter
{
    /// <summary>All problems of a read, by place; empty text when there are none.</summary>
    public static string Print(SpecReadResult result) =>
        string.Concat(result.Problems.Select(problem => Line(result.FileName, problem) + "\n"));

    public static string Line(string fileName, Problem problem)
    {
        var place = problem.Source ?? FormattableString.Invariant($"{fileName}:{problem.Line}:{problem.Column}");
        var severity = problem.Severity == Severity.Note ? "note: " : "";
        return $"{place}: {severity}{problem.What}{(problem.WhatToDo.Length == 0 ? "" : "; " + problem.WhatToDo)}";
    }
}
