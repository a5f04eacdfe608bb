namespace Orchestrator.Planning;

/// <summary>One number of a forecast, for a person who asks why.</summary>
/// <param name="Name">As in <c>bandwidth down</c>.</param>
/// <param name="Value">With its unit.</param>
/// <param name="Origin">Where it comes from.</param>
public sealed record Figure(string Name, string Value, FigureOrigin Origin);
