using Orchestrator.Jobs;

namespace Orchestrator.Spending;

/// <summary>A job that waits for room.</summary>
/// <param name="Job">The job.</param>
/// <param name="PerHour">Compute and disk of the cheapest offer with which it would begin.</param>
/// <param name="BudgetLeft">What it may still spend; null = it has no budget.</param>
public sealed record RoomWanted(JobId Job, Money PerHour, Money? BudgetLeft);
