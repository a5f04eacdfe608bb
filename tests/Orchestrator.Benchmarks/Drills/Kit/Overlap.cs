namespace Orchestrator.Drills.Kit;

/// <summary>A stretch of time in which a job had two of something.</summary>
/// <param name="Job">The job.</param>
/// <param name="What">instances or trainers.</param>
/// <param name="Who">Which, for a person to look at.</param>
/// <param name="From">Unix time in seconds.</param>
/// <param name="To">Last seen.</param>
public sealed record Overlap(long Job, string What, string Who, double From, double To)
{
    public double Seconds => To - From;
}
