namespace Orchestrator.Planning;

/// <summary>Where a number of a forecast comes from.</summary>
public enum FigureOrigin
{
    /// <summary>The provider says so.</summary>
    Published,
    /// <summary>Nobody says; what is usual for hosts of that tier stands in.</summary>
    Assumed,
    /// <summary>What we saw ourselves weighs in.</summary>
    History,
    /// <summary>The job's spec.</summary>
    Spec,
    /// <summary>The job itself showed it, or a rehearsal of it.</summary>
    Measured,
    /// <summary>Follows from the others.</summary>
    Computed,
}
