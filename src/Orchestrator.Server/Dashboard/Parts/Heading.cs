namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>The head of a column.</summary>
/// <param name="Text">Its name.</param>
/// <param name="IsFigure">It holds figures and is set to the right.</param>
internal sealed record Heading(string Text, bool IsFigure = false)
{
    /// <summary>The same table sorted by it; null = it cannot be.</summary>
    public string? Address { get; init; }

    /// <summary><c>ascending</c> or <c>descending</c>; null = it is sorted by another one.</summary>
    public string? Order { get; init; }

    /// <summary>One that begins with # holds figures.</summary>
    public static implicit operator Heading(string text) => new(text.TrimStart('#'), text.StartsWith('#'));
}
