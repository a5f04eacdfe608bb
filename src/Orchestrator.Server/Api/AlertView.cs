namespace Orchestrator.Server.Api;

/// <param name="At">When it was raised.</param>
/// <param name="Kind">Stable name.</param>
/// <param name="Text">One line.</param>
/// <param name="Job">The job it is about; null = the installation.</param>
public sealed record AlertView(DateTimeOffset At, string Kind, string Text, long? Job);
