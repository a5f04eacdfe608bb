namespace Orchestrator.Server.Api;

/// <param name="Name">What it is.</param>
/// <param name="Value">With its unit.</param>
/// <param name="Origin"><c>published</c>, <c>assumed</c>, <c>history</c>, <c>spec</c> or <c>computed</c>.</param>
public sealed record PlanFigure(string Name, string Value, string Origin);
