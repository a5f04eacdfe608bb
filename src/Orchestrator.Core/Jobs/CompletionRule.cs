namespace Orchestrator.Jobs;

/// <summary>When an entry of the checkpoint folder is complete.</summary>
public sealed record CompletionRule
{
    public CompletionKind Kind { get; init; } = CompletionKind.Settle;

    /// <summary>How long nothing may change; used with <see cref="CompletionKind.Settle"/>.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>File name (for an entry that is a folder: inside it; for a file NAME: beside it as NAME.marker) that says complete.</summary>
    public string? Marker { get; init; }
}
