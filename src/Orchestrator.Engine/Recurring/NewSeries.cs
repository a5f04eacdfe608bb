using Orchestrator.Engine.Submitting;

namespace Orchestrator.Engine.Recurring;

/// <summary>A series as it is submitted.</summary>
/// <param name="Name">Its own and that of all its runs; no other live series has it.</param>
/// <param name="Request">As handed in.</param>
/// <param name="Cron">When.</param>
/// <param name="Zone">Where.</param>
/// <param name="DueAt">Its first instant.</param>
public sealed record NewSeries(string Name, SubmitRequest Request, string Cron, string Zone, DateTimeOffset DueAt);
