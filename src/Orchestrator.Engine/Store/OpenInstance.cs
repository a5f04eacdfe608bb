using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Store;

/// <summary>An instance whose cost is not frozen.</summary>
/// <param name="Job">Whose.</param>
/// <param name="JobName">For a person.</param>
/// <param name="Budget">Of the job.</param>
/// <param name="Attempt">As the job's state has it.</param>
/// <param name="Seen">What it is metered by.</param>
/// <param name="Charged">What the provider has published so far.</param>
public sealed record OpenInstance(JobId Job, string JobName, Money? Budget, Attempt Attempt, InstanceSeen Seen, Money? Charged);
