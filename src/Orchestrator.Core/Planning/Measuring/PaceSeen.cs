namespace Orchestrator.Planning.Measuring;

/// <summary>How the step of one attempt rose. What came before its second report is left out: the first steps compile, fill caches, warm up.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Steps">Steps that were counted...</param>
/// <param name="Seconds">...and the time they took, with the checkpoints and evaluations in between.</param>
/// <param name="Step">The highest step it has reached.</param>
/// <param name="Total">Steps of the whole job, as the trainer says; null = it does not.</param>
public sealed record PaceSeen(int Attempt, double Steps, double Seconds, long Step, long? Total)
{
    // Hosts may say anything: no training takes a microsecond a step, and none eleven days.
    private const double Fastest = 1e-6;
    private const double Slowest = 1e6;

    private const double LeastSteps = 10;
    private const double LeastSeconds = 300;
    private const double LeastShare = 0.05;

    /// <summary>Null where nothing sensible was seen.</summary>
    public double? SecondsPerStep => Steps > 0 && Seconds / Steps is >= Fastest and <= Slowest and var pace ? pace : null;

    /// <summary>Ten steps, over five minutes or a twentieth of the job: a report comes every few seconds, and hosts warm up.</summary>
    public bool IsEnough(long? total) => SecondsPerStep is not null && Steps >= LeastSteps && (Seconds >= LeastSeconds || Steps >= LeastShare * total);
}
