namespace Orchestrator.Engine.Messages;

/// <summary>An open alert of which nobody was told.</summary>
public sealed record AlertNews
{
    public long Id { get; init; }

    public string Kind { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Text { get; init; } = "";
}
