namespace Orchestrator.Engine.Store;

/// <summary>An instance that has been owed its end for long.</summary>
public sealed record Leak
{
    public string Provider { get; init; } = "";

    public string InstanceId { get; init; } = "";

    public string Label { get; init; } = "";

    /// <summary><c>name#7</c>; null = no job owns it.</summary>
    public string? Who { get; init; }

    public double Seconds { get; init; }

    /// <summary>What it costs; null = nobody told.</summary>
    public Money? PerHour { get; init; }
}
