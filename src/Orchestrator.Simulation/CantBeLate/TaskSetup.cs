namespace Orchestrator.Simulation.CantBeLate;

/// <summary>One task of the published benchmark: all times in seconds, prices per hour.</summary>
public sealed record TaskSetup(double Work, double Deadline, double Overhead, double Gap, double SpotPrice = TaskSetup.PublishedSpot, double OnDemandPrice = TaskSetup.PublishedOnDemand)
{
    public const double PublishedSpot = 0.9731;
    public const double PublishedOnDemand = 3.06;

    /// <summary>Ticks until the deadline that are whole.</summary>
    public int Ticks => (int)Math.Floor(Deadline / Gap);

    /// <summary>Time left at <paramref name="elapsed"/>, in whole ticks.</summary>
    public double Left(double elapsed) => Math.Floor((Deadline - elapsed) / Gap) * Gap;

    /// <summary>Time that <paramref name="seconds"/> of running take, in whole ticks.</summary>
    public double Whole(double seconds) => Math.Ceiling(seconds / Gap) * Gap;
}
