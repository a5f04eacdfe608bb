namespace Orchestrator.Jobs;

/// <summary>Where a job's code comes from.</summary>
public enum CodeSourceKind
{
    /// <summary>A folder beside the spec, .gitignore respected.</summary>
    Folder,
    /// <summary>A git repository, pinned to a commit at submit.</summary>
    Git,
}
