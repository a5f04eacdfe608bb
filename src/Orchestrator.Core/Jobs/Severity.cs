namespace Orchestrator.Jobs;

/// <summary>How much a problem matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing; the spec is valid.</summary>
    Note,

    /// <summary>The spec cannot be used.</summary>
    Error,
}
