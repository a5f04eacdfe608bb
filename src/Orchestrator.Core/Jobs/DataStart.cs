namespace Orchestrator.Jobs;

/// <summary>When training may start with regard to this data.</summary>
public enum DataStart
{
    /// <summary>When all of it is there.</summary>
    Complete,
    /// <summary>At once; the rest arrives while the trainer runs.</summary>
    Background,
}
