namespace Orchestrator.Jobs;

/// <summary>Shell that runs scripts.</summary>
public enum ShellKind
{
    /// <summary>bash -euo pipefail; sh -eu where there is no bash.</summary>
    Bash,
    /// <summary>sh -eu.</summary>
    Sh,
}
