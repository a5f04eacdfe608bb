namespace Orchestrator.Server.Security;

/// <summary>Whom a token stands for.</summary>
/// <param name="Name">The token's name, for the timeline.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Token">Its id: sessions that were made from it end with it.</param>
public sealed record TokenOwner(string Name, string Role, string Token)
{
    /// <summary>Null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
