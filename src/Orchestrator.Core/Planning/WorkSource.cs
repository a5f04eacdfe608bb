namespace Orchestrator.Planning;

/// <summary>Where the figure of the work left comes from; the surer, the later.</summary>
public enum WorkSource
{
    /// <summary>The spec's <c>estimate</c>.</summary>
    Spec,
    /// <summary>Earlier jobs with the same image.</summary>
    ImageHistory,
    /// <summary>A rehearsal's measurements.</summary>
    Rehearsal,
    /// <summary>This job's own progress.</summary>
    JobHistory,
}
