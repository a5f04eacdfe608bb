namespace Orchestrator.Jobs;

/// <summary>What a plan optimises.</summary>
public enum PlanPreference
{
    /// <summary>Expected cost to finish.</summary>
    Cost,
    /// <summary>Time to finish.</summary>
    Speed,
    /// <summary>Price per hour.</summary>
    Hourly,
}
