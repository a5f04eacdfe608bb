using Orchestrator.Jobs;
using Orchestrator.Planning;

namespace Orchestrator.Simulation.Worlds;

/// <summary>A job as the simulation knows it: what the kernel decides by, and what plans are made from.</summary>
/// <param name="Name">For people.</param>
/// <param name="Terms">As submitted.</param>
/// <param name="Request">For the first plan; its work, sizes and budget are brought up to date for each later one.</param>
public sealed record SimulatedJob(string Name, JobTerms Terms, PlanRequest Request)
{
    /// <param name="spec">The spec; it must have an estimate.</param>
    /// <param name="terms">Built from it.</param>
    /// <param name="start">When it is submitted.</param>
    /// <param name="sizes">What is moved, as far as it is known.</param>
    public static SimulatedJob Of(JobSpec spec, JobTerms terms, DateTimeOffset start, WorkSizes sizes)
    {
        var estimate = spec.Estimate ?? throw new ArgumentException("a job without an estimate cannot be simulated", nameof(spec));
        return new SimulatedJob(spec.Name, terms, new PlanRequest
        {
            Now = start,
            Demand = new JobDemand { Gpu = spec.Resources.Gpu, Resources = spec.Resources, NeedsImage = spec.Image is not null, Providers = spec.Providers },
            Reliability = spec.Reliability,
            Prefer = spec.Prefer,
            Sensitive = spec.Sensitive,
            Work = new WorkLeft
            {
                Time = estimate.Time,
                Gpu = estimate.Model,
                GpuCount = estimate.Count,
                Source = WorkSource.Spec,
                Words = "estimate",
            },
            Sizes = sizes with { Checkpoint = estimate.CheckpointSize ?? sizes.Checkpoint },
            Rhythm = new RhythmTerms { HasCheckpoints = spec.Checkpoints is not null, Every = spec.Checkpoints?.Every ?? CheckpointRhythm.Trainer, Keep = terms.Keep },
            HasLimit = terms.MaxTotal is not null,
            BudgetLeft = terms.MaxTotal,
            MaxHourly = spec.Budget.MaxHourly,
            Deadline = terms.Deadline,
            MaxChoices = 8,
        });
    }
}
