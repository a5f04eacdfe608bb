namespace Orchestrator.Engine.Store;

/// <summary>What is known of an account at a rental provider.</summary>
public sealed record AccountRow
{
    public string Provider { get; init; } = "";

    /// <summary>Null = nothing was asked with a key yet.</summary>
    public string? Endpoint { get; init; }

    public string? KeyHash { get; init; }

    /// <summary>What only this account has; empty = its API does not say.</summary>
    public string[] Marks { get; init; } = [];

    /// <summary>How long no whole list of it has come to any server, or since when one is waited for.</summary>
    public double SilentSeconds { get; init; }

    /// <summary>What could be spent when it was last asked; null = not said, or too long ago.</summary>
    public long? SpendableMicros { get; init; }

    public int Running { get; init; }
}
