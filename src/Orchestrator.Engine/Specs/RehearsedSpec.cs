namespace Orchestrator.Engine.Specs;

/// <summary>Marks the stored spec of a rehearsal, and keeps what its own terms replace.</summary>
/// <param name="Name">The job that is rehearsed.</param>
/// <param name="Budget">What that one may cost in all: offers are ranked as for it. Null = nobody said, and only own machines do.</param>
/// <param name="Deadline">By when that one must be done; offers are ranked by it too. Null = whenever.</param>
public sealed record RehearsedSpec(string Name, Money? Budget, DateTimeOffset? Deadline = null);
