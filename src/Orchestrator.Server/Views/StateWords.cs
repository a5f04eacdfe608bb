using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The state in the word a person expects: what an active job is doing, "done" for success.</summary>
public static class StateWords
{
    public static string Of(string state, string? phase) => state switch
    {
        "active" => phase is null or "ended" ? "active" : phase,
        "succeeded" => "done",
        _ => state,
    };

    public static string Of(JobSummary job) => job.Kept is null ? Of(job.State, job.Phase) : "kept";
}
