using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Collects problems and keeps every place inside the file.</summary>
internal sealed class SpecProblems
{
    // A hostile file could earn a problem per byte; nobody reads beyond this.
    private const int Most = 500;
    private readonly int[] _lineLengths;
    private readonly List<Problem> _problems = [];
    private readonly List<Problem> _unavailable = [];
    private int _errors;
    private int _notes;

    public SpecProblems(string text) => _lineLengths = [.. text.Split('\n').Select(line => line.Length)];

    public bool Any => _errors > 0;

    public int Errors => _errors;

    /// <summary>Whether further errors are dropped, so that nobody works out what to say about them.</summary>
    public bool Full => _errors >= Most;

    public void Error(SpecNode node, string path, string what, string whatToDo = "") => Add(node, Severity.Error, path, what, whatToDo);

    public void Note(SpecNode node, string path, string what, string whatToDo = "") => Add(node, Severity.Note, path, what, whatToDo);

    /// <summary>The shape is right, the work behind it has not landed.</summary>
    public void NotYet(SpecNode node, string path, string what) =>
        _unavailable.Add(Add(node, Severity.Note, path, $"not available yet: {what}", "validate accepts it, run and submit refuse it"));

    public void Error(int line, int column, string what, string whatToDo) =>
        Add(new ScalarNode("", true, line, column), Severity.Error, "", what, whatToDo);

    public void Add(Problem problem)
    {
        // Counted apart, so that no flood of notes hides that there is an error.
        ref var count = ref problem.Severity == Severity.Error ? ref _errors : ref _notes;
        if (count++ < Most)
        {
            _problems.Add(problem);
        }
    }

    /// <summary>All problems by place; settings from outside the file come first.</summary>
    public ImmutableArray<Problem> Sorted() =>
    [
        .. _problems.OrderBy(problem => problem.Source is null).ThenBy(problem => problem.Line).ThenBy(problem => problem.Column)
            .ThenBy(problem => problem.Path, StringComparer.Ordinal).ThenBy(problem => problem.What, StringComparer.Ordinal).Distinct(),
    ];

    public ImmutableArray<Problem> Unavailable => [.. _unavailable];

    private Problem Add(SpecNode node, Severity severity, string path, string what, string whatToDo)
    {
        var line = Math.Clamp(node.Line, 1, _lineLengths.Length);
        var problem = new Problem
        {
            Severity = severity,
            Line = line,
            Column = Math.Clamp(node.Column, 1, _lineLengths[line - 1] + 1),
            Path = path,
            What = OneLine(what),
            WhatToDo = OneLine(whatToDo),
            Source = node.Source,
        };
        Add(problem);
        return problem;
    }

    // What is quoted comes from a stranger's file: no control characters to a terminal, no endless lines.
    private static string OneLine(string text)
    {
        var cut = text.Length > 400 ? text[..400] + "..." : text;
        return string.Concat(cut.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
    }
}
