namespace Orchestrator.Engine.Store.Views;

public sealed record TokenView
{
    public string Role { get; init; } = "";

    public string Name { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
