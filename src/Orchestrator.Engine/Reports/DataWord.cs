namespace Orchestrator.Engine.Reports;

/// <summary>Something that was said of the data on a host.</summary>
/// <param name="At">When we wrote it down.</param>
/// <param name="Text">Whose word it is, and what it was.</param>
public sealed record DataWord(DateTimeOffset At, string Text);
