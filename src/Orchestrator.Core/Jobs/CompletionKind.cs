namespace Orchestrator.Jobs;

/// <summary>How completeness is recognised.</summary>
public enum CompletionKind
{
    /// <summary>Nothing changed for a while and no process has it open.</summary>
    Settle,
    /// <summary>The trainer renames a finished entry into place.</summary>
    Rename,
    /// <summary>A marker file appears last.</summary>
    Marker,
}
