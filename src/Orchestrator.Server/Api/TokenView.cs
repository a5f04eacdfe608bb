namespace Orchestrator.Server.Api;

/// <summary>A token, without what it is.</summary>
/// <param name="Id">Tells it from others of its name.</param>
/// <param name="Name">What the timeline calls whoever uses it.</param>
/// <param name="Role">viewer, operator or admin.</param>
/// <param name="Kind">token or link.</param>
/// <param name="State">live, expired or revoked.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">Null = it does not expire.</param>
public sealed record TokenView(string Id, string Name, string Role, string Kind, string State, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt)
{
    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }
}
