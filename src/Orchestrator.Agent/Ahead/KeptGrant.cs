using Orchestrator.Protocol;

namespace Orchestrator.Agent.Ahead;

/// <param name="Grant">A URL that works for hours after the server is gone.</param>
/// <param name="At">When it came, by this host's clock: the server's may be another, so <see cref="Protocol.Grant.Expires"/> says nothing here.</param>
internal sealed record KeptGrant(Grant Grant, DateTimeOffset At);
