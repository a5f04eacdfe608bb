namespace Orchestrator.Server.Api;

/// <param name="Job">The job.</param>
/// <param name="Text">What will happen now, one line.</param>
public sealed record CommandReply(JobRef Job, string Text);
