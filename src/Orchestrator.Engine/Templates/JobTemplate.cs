using System.Collections.Immutable;
using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Templates;

/// <summary>A template, read: what it is, what it asks for, and the fields it brings.</summary>
public sealed record JobTemplate
{
    public required string Description { get; init; }

    /// <summary>In the order of the file.</summary>
    public required ImmutableArray<TemplateInput> Inputs { get; init; }

    /// <summary>The spec's fields, expressions unfilled.</summary>
    internal MapNode Body { get; init; } = new([], 1, 1);

    /// <summary>Each input's default, as a node of the template's file.</summary>
    internal ImmutableDictionary<string, ScalarNode> Defaults { get; init; } = ImmutableDictionary<string, ScalarNode>.Empty;
}
