namespace Orchestrator.Server.Views;

/// <summary>Something that waits for a human.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Text">Why it waits.</param>
/// <param name="At">Since when; null = not known.</param>
/// <param name="Job">Whose matter it is.</param>
/// <param name="Act">The one thing to do about it here.</param>
public sealed record AttentionItem(string Title, string Text, DateTimeOffset? At, long? Job, AttentionAct Act)
{
    /// <summary>The alert to put aside.</summary>
    public long? Alert { get; init; }
}
