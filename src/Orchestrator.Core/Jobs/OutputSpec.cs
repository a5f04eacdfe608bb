namespace Orchestrator.Jobs;

/// <summary>A folder or file to deliver.</summary>
public sealed record OutputSpec
{
    /// <summary>Absolute container path.</summary>
    public required string From { get; init; }

    /// <summary>Store URL or store[/prefix]; null is the default store.</summary>
    public string? To { get; init; }

    public OutputWhen When { get; init; } = OutputWhen.Success;

    /// <summary>Also delivered this often while training; null only at the end.</summary>
    public TimeSpan? Every { get; init; }
}
