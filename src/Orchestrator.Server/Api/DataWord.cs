namespace Orchestrator.Server.Api;

/// <summary>Something that was said of the data on a host.</summary>
/// <param name="At">When it was written down.</param>
/// <param name="Text">Whose word it is, and what it was.</param>
public sealed record DataWord(DateTimeOffset At, string Text);
