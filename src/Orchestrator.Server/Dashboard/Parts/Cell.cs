namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>A cell of a table: a line of text, or whatever is written into it.</summary>
internal readonly record struct Cell(string? Text, Action<Html>? Write = null)
{
    public static implicit operator Cell(string? text) => new(text);

    internal static Cell Of(Action<Html> write) => new(null, write);
}
