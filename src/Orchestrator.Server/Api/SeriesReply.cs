namespace Orchestrator.Server.Api;

/// <param name="Series">The series.</param>
/// <param name="Text">What will happen now, one line.</param>
public sealed record SeriesReply(SeriesRef Series, string Text);
