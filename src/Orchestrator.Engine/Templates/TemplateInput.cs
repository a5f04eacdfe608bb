using System.Collections.Immutable;

namespace Orchestrator.Engine.Templates;

/// <summary>A value that a template asks for.</summary>
public sealed record TemplateInput
{
    public required string Name { get; init; }

    /// <summary>One of <see cref="TemplateInputTypes.Names"/>.</summary>
    public required string Type { get; init; }

    /// <summary>What holds where the job says nothing; null = the job must say, or the value is empty.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the job must give a value.</summary>
    public required bool Required { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The words that a <c>choice</c> takes.</summary>
    public ImmutableArray<string> Options { get; init; } = [];
}
