using System.Collections.Immutable;
using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Submitting;

/// <summary>A spec as a person handed it in.</summary>
public sealed record SubmitRequest
{
    /// <summary>The YAML.</summary>
    public required string Text { get; init; }

    /// <summary>For problems' places: <c>lora.yaml</c>.</summary>
    public required string FileName { get; init; }

    /// <summary>Absolute folder that relative paths of the spec start from.</summary>
    public required string Folder { get; init; }

    /// <summary>IANA zone of the submitter.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>Overrides, <c>path=value</c>.</summary>
    public ImmutableArray<string> Sets { get; init; } = [];

    /// <summary>The server's default values of job fields.</summary>
    public ImmutableArray<SpecSetting> Defaults { get; init; } = [];

    public string Owner { get; init; } = "";
}
