namespace Orchestrator.Engine.Store;

/// <summary>A token of the API as it is stored.</summary>
public sealed record TokenRow
{
    public string Id { get; init; } = "";

    public string Hash { get; init; } = "";

    public string Name { get; init; } = "";

    public string Role { get; init; } = "";

    /// <summary>It signs browsers in and is no bearer's.</summary>
    public bool IsLink { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    /// <summary>Null = it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>By the database's clock, when the row was read.</summary>
    public bool IsExpired { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }
}
